// Understands the few expressions that hide a form field: = a = "x", !=, comparisons of numbers, and, or, not(…), ( ).
// A tiny parser on purpose: the page forbids eval, and anything richer is decided by the server.

const TOKEN = /\s*(?:(-?\d+(?:\.\d+)?)|"((?:[^"\\]|\\.)*)"|(!=|<=|>=|=|<|>|\(|\))|([\p{L}_][\p{L}\p{N}_.]*))/uy;
const WORDS = { true: true, false: false, null: null };

function tokens(source) {
  const found = [];
  TOKEN.lastIndex = 0;
  const text = source.trim();
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`not understood: ${source}`);
    const [, digits, quoted, sign, word] = match;
    if (digits !== undefined) found.push({ value: Number(digits) });
    else if (quoted !== undefined) found.push({ value: quoted.replace(/\\(.)/g, "$1") });
    else found.push(sign ? { sign } : { word });
  }
  return found;
}

const COMPARE = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a !== null && b !== null && a < b,
  ">": (a, b) => a !== null && b !== null && a > b,
  "<=": (a, b) => a !== null && b !== null && a <= b,
  ">=": (a, b) => a !== null && b !== null && a >= b,
};

/** Returns a function of {name: value} that says whether the field is hidden. Throws SyntaxError. */
export function compile(source) {
  const queue = tokens(source.replace(/^\s*=/, ""));
  const next = () => queue[0] ?? {};
  const take = () => queue.shift() ?? {};
  const expect = (sign) => {
    if (take().sign !== sign) throw new SyntaxError(`${sign} is missing: ${source}`);
  };
  const chain = (word, part, join) => () => {
    let left = part();
    while (next().word === word) {
      take();
      const [before, after] = [left, part()];
      left = (answers) => join(before(answers), after(answers));
    }
    return left;
  };

  function operand() {
    const token = take();
    if (token.sign === "(") return enclosed();
    if (token.word === "not" && next().sign === "(") {
      take();
      const inner = enclosed();
      return (answers) => !inner(answers);
    }
    if ("value" in token) return () => token.value;
    if (token.word === undefined) throw new SyntaxError(`not understood: ${source}`);
    if (token.word in WORDS) return () => WORDS[token.word];
    return (answers) => answers[token.word] ?? null;
  }

  function enclosed() {
    const inner = either();
    expect(")");
    return inner;
  }

  function comparison() {
    const left = operand();
    const compare = COMPARE[next().sign];
    if (!compare) return left;
    take();
    const right = operand();
    return (answers) => compare(...alike(left(answers), right(answers)));
  }

  const both = chain("and", comparison, (a, b) => a && b);
  const either = chain("or", both, (a, b) => a || b);
  const whole = either();
  if (queue.length) throw new SyntaxError(`not understood: ${source}`);
  return (answers) => Boolean(whole(answers));
}

// Inputs answer in text; a number or truth value in the expression asks for one.
function alike(a, b) {
  const as = (value, other) => {
    if (typeof value !== "string" || other === null) return value;
    if (typeof other === "number") return value === "" ? null : Number(value);
    return typeof other === "boolean" ? value === "true" : value;
  };
  return [as(a, b), as(b, a)];
}

// What an official's desk adds: partial refreshes, shortcuts, fresh deadline badges.

import { start as badgeRefresh } from "./parts/badge_refresh.js";
import { start as conditionalFields } from "./parts/conditional_fields.js";
import { start as counters } from "./parts/counters.js";
import { start as dialogs } from "./parts/dialogs.js";
import { start as errorFocus } from "./parts/error_focus.js";
import { start as keyboard } from "./parts/keyboard.js";
import { start as live } from "./parts/live.js";
import { start as maps } from "./parts/map_opener.js";
import { start as photos } from "./parts/photos.js";
import { start as sharing } from "./parts/sharing.js";
import { fillList } from "./parts/shortcut_list.js";
import { start as wallPreview } from "./parts/wall_preview.js";

[live, conditionalFields, counters, dialogs, photos, keyboard, badgeRefresh, maps, sharing, wallPreview, errorFocus].forEach((start) => start());

document.querySelector("button[data-dialog=keys]")?.addEventListener("click", fillList);

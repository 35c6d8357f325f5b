// htmx for the few public pages that refresh a part of themselves.

import { start } from "./parts/live.js";

start();

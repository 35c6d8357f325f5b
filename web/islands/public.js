// What a resident's phone adds to pages that already work: pictures, place, drafts, maps.

import { start as conditionalFields } from "./parts/conditional_fields.js";
import { start as counters } from "./parts/counters.js";
import { start as dialogs } from "./parts/dialogs.js";
import { start as drafts } from "./parts/drafts.js";
import { start as errorFocus } from "./parts/error_focus.js";
import { start as geolocation } from "./parts/geolocation.js";
import { start as maps } from "./parts/map_opener.js";
import { start as photos } from "./parts/photos.js";
import { start as sharing } from "./parts/sharing.js";

[photos, geolocation, drafts, conditionalFields, counters, dialogs, sharing, maps, errorFocus].forEach((start) => start());

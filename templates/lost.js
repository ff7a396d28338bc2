// Leads from an address of the old wiki to the page that was kept of it.
(function () {
  "use strict";
})();

// Single keys for the queue and for deciding. They can be switched off, and none works while one types;
// without scripts everything is there as links and buttons.
(function () {
  var SWITCH = "tracker-keys-off";
  var off = function () { return localStorage.getItem(SWITCH) === "1"; };

  var box = document.querySelector("[data-keys-on]");
  if (box) {
    box.checked = !off();
    box.addEventListener("change", function () {
      localStorage.setItem(SWITCH, box.checked ? "0" : "1");
    });
  }

  function typing(target) {
    return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], .select2-container, dialog");
  }

  var rows = Array.from(document.querySelectorAll("[data-item]"));
  function move(step) {
    var here = rows.indexOf(document.activeElement.closest("[data-item]"));
    var row = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
    if (row) row.querySelector("a").focus();
  }
  function current() {
    return document.activeElement.closest("[data-item]");
  }

  var queue = {
    j: function () { move(1); },
    k: function () { move(-1); },
    o: function () { if (current()) current().querySelector("a").click(); },
    x: function () { if (current()) current().querySelector("input[type=checkbox]").click(); },
  };

  // What was refused comes back with the reason at a field: there one goes on.
  var wrong = document.querySelector(".deciding .wrong");
  if (wrong) {
    var place = wrong.querySelector("textarea, select, input:checked") || wrong.querySelector("input:not([type=hidden])");
    if (place) place.focus();
  }

  function press(key) {
    var here = document.querySelector('[data-key="' + key + '"]');
    if (!here) return false;
    if (here.tagName === "A") { here.click(); return true; }
    if (here.tagName === "DETAILS") here.open = true;
    here.scrollIntoView({ block: "nearest" });
    var field = here.querySelector("textarea:not([hidden]), input:not([type=hidden]), select");
    // A form without a required field needs no typing: its button comes first.
    (here.querySelector("[required]") || here.querySelector("button[type=submit]") || field).focus();
    return true;
  }

  document.addEventListener("keydown", function (event) {
    if (off() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    var done = false;
    if (rows.length && queue[event.key]) { queue[event.key](); done = true; }
    else if (/^[a-z]$/.test(event.key)) done = press(event.key);
    if (done) event.preventDefault();
  });
})();

// Keeps the part of a page that says how far something has come up to date, until it is over. Without a script the
// link in that part does the same by hand.
(function () {
  var part = document.querySelector("[data-progress]");
  if (!part) return;
  var began = Date.now();
  var box = part.parentElement;
  var was = part.outerHTML;

  function wait() {
    // Often at first, then less so; a page that nobody looks at asks nothing.
    var seconds = Date.now() - began < 15000 ? 1 : 5;
    setTimeout(ask, seconds * 1000);
  }

  function ask() {
    if (document.hidden) return wait();
    fetch(part.dataset.progress, { headers: { "X-Requested-With": "fetch" } })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("no answer");
        return answer.text();
      })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").body;
        if (fresh.querySelector("[data-over]")) return location.reload();
        if (text !== was) {
          was = text; // unchanged words are not put in again: a screen reader would read them again
          box.replaceChildren.apply(box, fresh.childNodes);
          part = box.querySelector("[data-progress]");
        }
        if (part) wait();
      })
      .catch(wait);
  }

  document.documentElement.classList.add("has-script");
  wait();
})();

// What unfold lets only a mouse press: its groups of the menu and the eye of a password field become buttons for the
// keyboard as well. Escape closes what lies over the page.
(function () {
  var PRESSED = "h2[x-on\\:click], span[x-on\\:click]";

  function operable() {
    document.querySelectorAll(PRESSED).forEach(function (each) {
      if (each.tabIndex === 0) return;
      each.tabIndex = 0;
      each.setAttribute("role", "button");
      if (each.title) each.setAttribute("aria-label", each.title);
    });
  }

  // The signs are words to a screen reader ("inbox", "chevron_right"): silent, but where they are all there is to say.
  function silent() {
    document.querySelectorAll(".material-symbols-outlined:not([aria-hidden])").forEach(function (sign) {
      var pressed = sign.closest("a, button, [role=button]");
      var named = !pressed || pressed.title || pressed.getAttribute("aria-label") || pressed.textContent.trim() !== sign.textContent.trim();
      if (named && pressed !== sign) sign.setAttribute("aria-hidden", "true");
    });
  }

  function shown(each) {
    return each && each.checkVisibility && each.checkVisibility();
  }

  document.addEventListener("keydown", function (event) {
    if ((event.key === "Enter" || event.key === " ") && event.target.matches(PRESSED)) {
      event.preventDefault();
      event.target.click();
    }
    if (event.key !== "Escape") return;
    var filter = document.getElementById("changelist-filter-close");
    var menu = document.querySelector("[data-closes]");
    if (shown(filter)) filter.click();
    else if (shown(menu)) menu.click();
  });
  document.addEventListener("DOMContentLoaded", function () {
    operable();
    silent();
  });
})();

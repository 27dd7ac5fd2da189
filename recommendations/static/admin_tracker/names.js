// Names the fields that select2 makes after the label of the field they stand for: without it a screen reader
// says "combo box" and nothing else.
(function () {
  function labelOf(select) {
    return select.labels && select.labels[0] ? select.labels[0].textContent.replace(/\s+/g, " ").trim() : select.getAttribute("aria-label");
  }

  function name(select) {
    var label = labelOf(select);
    var box = select.nextElementSibling;
    if (!label || !box) return;
    box.querySelectorAll(".select2-search__field").forEach(function (field) {
      field.setAttribute("aria-label", label);
    });
    // A list holds nothing but its items. What is chosen is taken away one by one, which the keyboard can do as well.
    box.querySelectorAll("ul.select2-selection__rendered > .select2-selection__clear").forEach(function (clear) {
      clear.remove();
    });
    box.querySelectorAll(".select2-selection__rendered[role=textbox]").forEach(function (field) {
      field.setAttribute("aria-label", label);
    });
    box.querySelectorAll(".select2-selection[role=combobox]").forEach(function (field) {
      var shown = select.selectedOptions[0] ? select.selectedOptions[0].text : "";
      field.removeAttribute("aria-labelledby");
      field.setAttribute("aria-label", (label + " " + shown).trim());
    });
  }

  function nameAll() {
    document.querySelectorAll("select.select2-hidden-accessible").forEach(name);
    // The field of an open list hangs at the end of the page; what it is for has the focus ring.
    var open = document.querySelector(".select2-container--open .select2-selection");
    document.querySelectorAll(".select2-dropdown .select2-search__field").forEach(function (field) {
      field.setAttribute("aria-label", (open && open.getAttribute("aria-label")) || "");
    });
  }

  // select2 makes its fields after the page has loaded, and again with each choice.
  new MutationObserver(nameAll).observe(document, { childList: true, subtree: true });
})();

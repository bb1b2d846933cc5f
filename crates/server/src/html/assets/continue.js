// Sends the form that a page continues with. Without scripts its button does.
document.querySelector("form[data-continue]")?.requestSubmit();

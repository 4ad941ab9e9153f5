// A server has one 404 page, in the first language. Where a page of another language was looked
// for, it becomes that language's own, which hooks/lost.py put here, before Material starts.

for (const own of document.querySelectorAll("template[data-below]")) {
  if (location.pathname.startsWith(own.dataset.below)) {
    document.documentElement.lang = own.lang
    document.querySelector("head title").replaceWith(own.content.querySelector("title"))
    document.body.replaceChildren(own.content)
  }
}

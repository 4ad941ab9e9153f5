// The language links: they follow instant navigation, which leaves the header as it is, and
// take the reader to the same anchor.

document$.subscribe(() => {
  for (const link of document.querySelectorAll(".kb-language a")) {
    const page = document.head.querySelector(`link[hreflang="${link.hreflang}"]`)
    if (page) link.href = new URL(page.href).pathname
  }
})

document.addEventListener("click", event => {
  const link = event.target instanceof Element && event.target.closest(".kb-language a")
  if (link) link.hash = location.hash
}, true)

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

// What Material leaves out for the keyboard and for screen readers.

const frames = new ResizeObserver(changes => {
  for (const { target } of changes) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1
})

document$.subscribe(() => {
  // The arrow that opens a chapter stands beside its name, and says none
  for (const arrow of document.querySelectorAll(".md-nav__container > label > .md-nav__icon")) {
    arrow.role = "img"
    arrow.ariaLabel = arrow.closest(".md-nav__container").textContent.trim()
  }
  // What is too wide for the page scrolls in a frame of its own
  for (const frame of document.querySelectorAll(".md-typeset__scrollwrap, .kb-chart")) {
    frames.observe(frame)
  }
})

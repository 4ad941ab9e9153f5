// Outputs: wide ones tell when they are scrolled, and what is said twice on a page is marked.

document$.subscribe(() => {
  for (const block of document.querySelectorAll(".kb-output pre"))
    block.addEventListener("scroll", () =>
      block.classList.toggle("kb-scrolled", block.scrollLeft > 0), { passive: true })
})

// Pods' names, addresses and the like: point at one, tap it or reach it by keyboard, and every
// place on the page that says the same is marked.

document$.subscribe(() => {
  const places = new Map()
  const add = (name, place) => places.set(name, [...places.get(name) ?? [], place])
  for (const place of document.querySelectorAll("article .kb-same")) add(place.dataset.same, place)
  if (places.size) wrapValues([...places.keys()], add)

  let held
  const mark = name => {
    for (const met of document.querySelectorAll(".kb-met")) met.classList.remove("kb-met")
    for (const place of places.get(name) ?? []) place.classList.add("kb-met")
  }
  for (const [name, all] of places) {
    if (all.length < 2) continue
    for (const place of all) {
      if (place.classList.contains("kb-same")) place.tabIndex = 0
      place.addEventListener("pointerenter", () => mark(name))
      place.addEventListener("focus", () => mark(name))
      place.addEventListener("pointerleave", () => mark(held))
      place.addEventListener("blur", () => mark(held))
      place.addEventListener("click", () => mark(held = held === name ? undefined : name))
    }
  }
})

// Values in the code of the text get places of their own: whole ones, as in outputs.

function wrapValues(names, add) {
  const escaped = names.map(name => name.replace(/\W/g, "\\$&"))
  const longestFirst = escaped.sort((one, two) => two.length - one.length).join("|")
  const value = new RegExp(`(?<![\\w.-])(${longestFirst})(?![\\w-]|\\.\\w)`)
  for (const code of document.querySelectorAll("article :not(pre) > code")) {
    const parts = code.textContent.split(value)
    if (parts.length === 1 || code.firstElementChild) continue
    for (let n = 1; n < parts.length; n += 2) {
      const place = document.createElement("span")
      place.textContent = parts[n]
      add(parts[n], place)
      parts[n] = place
    }
    code.replaceChildren(...parts)
  }
}

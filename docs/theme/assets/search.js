// Search inside words, in Korean and English: Material starts this worker in place of its own.
//
// What is compared is folded first: small letters, Hangul as the letters that are typed one after
// the other. So 쿠버네ㅌ and 쿠버넽 are beginnings of 쿠버네티스. The words of the book make a
// dictionary; a query's words are looked for anywhere inside its words, and the nearer to a whole
// word, the more a match weighs. The index is Material's own, with the glossary added to it.

/* Folding */

const INITIALS = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"]
const VOWELS = "ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ".split(" ")
const FINALS =
  " ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ".split(" ")
const FOLDED = new Map([
  ..."ㅘㅙㅚㅝㅞㅟㅢ", ..."ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ", ..."“”‘’–—",
].map((char, n) => [
  char,
  [..."ㅗㅏ ㅗㅐ ㅗㅣ ㅜㅓ ㅜㅔ ㅜㅣ ㅡㅣ ㄱㅅ ㄴㅈ ㄴㅎ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅂㅅ".split(" "),
    '"', '"', "'", "'", "-", "-"][n],
]))

const syllable = char => {
  const code = char.charCodeAt(0) - 0xac00
  return code >= 0 && code < 11172 ? code : -1
}

const letters = char => {
  const code = syllable(char)
  if (code < 0) return FOLDED.get(char) ?? char.toLowerCase()
  return INITIALS[Math.floor(code / 588)] + VOWELS[Math.floor(code / 28) % 21] + FINALS[code % 28]
}

const fold = text => text.toLowerCase().replace(/[가-힣ㄱ-ㅣ“”‘’–—]/g, letters)

/* Only the first consonants of syllables: ㅋㅂㄴㅌㅅ for 쿠버네티스. */
const abbreviated = folded => folded.replace(/[ㅏ-ㅣ]|[ㄱ-ㅎ](?![ㅏ-ㅣ])/g, "")

const LETTER = /[\p{L}\p{N}]/u
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu
const CONSONANTS = /^[ㄱ-ㅎ]{2,}$/
const HANGUL = /[가-힣ㄱ-ㅣ]/

const wordsOf = text => text.split(/[\s()[\]{}<>"`,;|]+/).map(word => word.replace(EDGES, "")).filter(Boolean)
const partsOf = word => word.split(/[^\p{L}\p{N}]+/u).filter(Boolean)

/* What may follow a word without making another of it. */
const ENDINGS = new Set((
  "은 는 이 가 을 를 의 에 와 과 도 만 로 들 나 란 인 라 야 고 며 한 할 된 될 함 됨 하는 하기 하면 하고 하지 하려면 "
  + "하나요 할까요 합니다 했다 해야 해서 해요 되는 되면 됩니다 되지 되나 되나요 될까요 돼요 됐다 으로 에서 에게 까지 "
  + "부터 마다 처럼 보다 이나 이란 라는 이라는 라고 이라고 들이 들은 들을 들의 에는 에도 에서는 에서도 에서의 로는 "
  + "으로는 로도 으로도 로의 으로의 와의 과의 만을 만이 까지는 부터는 보다는 입니다 이다 이고 이며 이면 이라 "
  + "이라면 인가 인지 인가요 이랑 랑"
).split(" ").map(fold))
const VERBAL = (
  "나요 지 는데 어요 아요 네요 습니다 ㅂ니다 면 으면 려면 으려면 던 는 은 을 지도 지는 기 게 도록 면서 니까"
).split(" ").map(fold)
const PLURALS = new Set(["s", "es", "'s"])

/* Words that ask or complain rather than say what is looked for. */
const ASKING = new Set((
  "왜 어떻게 무엇 뭐 뭔가요 안 못 이 그 저 및 것 수 때 방법 하는 하기 되나요 하나요 인가요 무엇인가요 언제 어디 누가 "
  + "몇 얼마 얼마나 원인 이유 계속 자꾸 갑자기 "
  + "a an the is are was be am do does did can i my me to of in on at for from by with and or not it its "
  + "how what why when where which who there this that reason cause keeps suddenly"
).split(" ").map(fold))
const NEGATING = new RegExp(`^(?:${fold("않")}|${fold("없")}|${fold("있")})`)
const asks = word => ASKING.has(word) || NEGATING.test(word)

/* English as it is heard in Hangul, by its consonants: KLSLP for 크래시루프 as for crashloop. */
const SOUNDS = new Map(Object.entries(
  { "-": "-", K: "ㄱㄲㅋkgcq", T: "ㄷㄸㅌtd", P: "ㅂㅃㅍpbfv", S: "ㅅㅆㅈㅉㅊszj", L: "ㄹlr", N: "ㄴㅇn",
    M: "ㅁm" },
).flatMap(([sound, chars]) => [...chars].map(char => [char, sound])))
const SPELLED = [
  [/^[aeiouㅇ]/, "-"], [/(.)\1/g, "$1"], [/tion/g, "sn"], [/ph/g, "p"], [/[cs]h/g, "s"],
  [/c(?=[eiy])|g(?=e)/g, "s"], [/ck/g, "k"], [/x/g, "ks"], [/ng/g, "n"], [/r(?![aeiouy])/g, ""],
  [/ㅇ(?=[ㅏ-ㅣ])/g, ""], [/[ㅅㅆ](?![ㅏ-ㅣ])/g, "ㅌ"],
]
const sound = word => [...SPELLED.reduce((said, [spelled, heard]) => said.replace(spelled, heard), word)]
  .map(char => SOUNDS.get(char) ?? "").join("")
const syllables = word => word.replace(/e$/, "").match(/[aeiouy]+|[ㅏ-ㅣ]+/g)?.length ?? 0

/* Words typed with the other keyboard: vkem for 파드, ㅔㅐㅇ for pod. */
const KEYS = new Map([..."rRseEfaqQtTdwWczxvgkoiOjpuPhynbml"].map((key, n) =>
  [key, [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ"][n]]))
const LATIN = new Map([...KEYS].reverse().map(([key, letter]) => [letter, key.toLowerCase()]))

const otherKeyboard = word => {
  const map = HANGUL.test(word) ? LATIN : KEYS
  return [...word].every(char => map.has(char)) ? [...word].map(char => map.get(char)).join("") : ""
}

/* Plain words of the index's HTML */

const ENTITIES = { lt: "<", gt: ">", quot: '"', amp: "&", "#39": "'", nbsp: " " }
const plain = html => html
  .replace(/<\/?(?:p|pre|li|ul|ol|h\d|td|tr)\b[^>]*>/g, " ").replace(/<[^>]*>/g, "")
  .replace(/&(lt|gt|quot|amp|#39|nbsp);/g, (_, name) => ENTITIES[name])
  .normalize("NFC").replace(/\s+/g, " ").trim()

const escaped = text => text.replace(/[&<>"]/g, char => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char])

/* The dictionary: every word of the book, and where it stands */

class Dictionary {
  constructor(fields) {
    const found = new Map()
    fields.forEach((folded, field) => {
      for (const word of wordsOf(folded)) {
        let where = found.get(word)
        if (!where) found.set(word, where = new Map())
        where.set(field, (where.get(field) ?? 0) + 1)
      }
    })
    this.words = [...found.keys()]
    this.where = [...found.values()]
    this.parts = new Set(this.words.flatMap(partsOf))
    this.stems = new Set([...this.parts].flatMap(part => [part, ...stems(part)]))
    this.text = `\n${this.words.join("\n")}\n`
    this.starts = []
    let start = 1
    for (const word of this.words) {
      this.starts.push(start)
      start += word.length + 1
    }
    this.known = new Map()
  }

  /** How much each field says of a word: {field: weight}. */
  find(word) {
    let found = this.known.get(word)
    if (!found) this.known.set(word, found = this.search(word))
    return found
  }

  /** The same for the first consonants of words. */
  abbreviated(typed) {
    const hits = this.words.map((word, n) => [n, abbreviated(word)])
      .filter(([, short]) => short.includes(typed))
    const found = new Map()
    for (const [n, short] of hits)
      for (const [field, count] of this.where[n])
        found.set(field, (found.get(field) ?? 0) + count * (short.startsWith(typed) ? 0.9 : 0.3))
    return found
  }

  search(word) {
    const found = new Map()
    const short = isShort(word)
    let n = 0
    for (let at = this.text.indexOf(word); at >= 0; at = this.text.indexOf(word, this.starts[n])) {
      while (n < this.starts.length && this.starts[n] <= at) n += 1
      const weight = nearness(this.words[n - 1], word)
      if (!short || weight > 0.5)
        for (const [field, count] of this.where[n - 1])
          found.set(field, (found.get(field) ?? 0) + weight * count)
      if (n === this.starts.length) break
    }
    return found
  }

  /** Known words that differ from an unknown one by a letter or two. */
  alike(word) {
    const limit = word.length < 5 ? 0 : word.length < 10 ? 1 : 2
    if (!limit) return []
    let best = limit + 1
    let found = []
    const pieces = piecesOf(word, 2 * limit + 1)
    for (const part of this.parts) {
      if (part.length < word.length - limit || !shares(part, pieces, limit)) continue
      const far = distance(word, part, best)
      if (far < best) [best, found] = [far, []]
      if (far === best && far <= limit) found.push(part)
    }
    return found.slice(0, 20)
  }

  /** English words that sound like an unknown one in Hangul, which has a syllable for each of theirs,
   *  or whose beginning does. */
  heard(word) {
    if (!/^[ㄱ-ㅣ]+$/.test(word)) return []
    this.sounds ??= [...this.stems].filter(stem => /^[a-z]{4,}$/.test(stem)).map(stem => [stem, sound(stem)])
    const said = [word, ...stems(word)].map(sound).filter(typed => typed.length > 3)
    const whole = this.sounds.filter(([stem, heard]) => said.includes(heard) && syllables(stem) <= syllables(word))
    const begun = this.sounds.filter(([, heard]) => said.some(typed => /\w{5}/.test(typed) && heard.startsWith(typed)))
    return (whole.length ? whole : begun).map(([stem]) => stem)
  }

  /** An unknown compound as the known words that it is made of, the fewest; the last half typed. */
  split(word) {
    const ways = [[]]
    for (let end = 2; end <= word.length; end++)
      for (let start = 0; start < end; start++) {
        const part = word.slice(start, end)
        if (!ways[start] || isShort(part)) continue
        if (!this.stems.has(part) && !(end === word.length && this.text.includes(`\n${part}`))) continue
        if (ways[end] && ways[end].length <= ways[start].length + 1) continue
        ways[end] = [...ways[start], part]
      }
    return ways[word.length]?.length < 5 ? ways[word.length] : undefined
  }
}

/* Too short to be looked for inside words: less than two syllables or three letters. */
const isShort = word => word.length < (HANGUL.test(word) ? 4 : 3)

/* 1 for a whole word, less for its beginning, least inside it. */
const nearness = (word, part) => {
  let best = 0
  for (let at = word.indexOf(part); at >= 0; at = word.indexOf(part, at + 1)) {
    const before = at > 0 && LETTER.test(word[at - 1])
    const rest = word.slice(at + part.length).match(/^[\p{L}\p{N}']*/u)[0]
    const whole = !rest || ENDINGS.has(rest) || PLURALS.has(rest)
    const half = /^[ㅏ-ㅣ]/.test(rest) // it ends inside a syllable
    best = Math.max(best, before ? (whole ? 0.35 : 0.25) : whole ? 1 : half ? 0.4 : 0.6)
  }
  return best
}

/* A word without what is put after it: 파드 for 파드를, service for services. */
const stems = word => {
  const found = []
  if (HANGUL.test(word)) {
    for (const ending of ENDINGS)
      if (word.endsWith(ending) && !isShort(word.slice(0, -ending.length)))
        found.push(word.slice(0, -ending.length))
  } else {
    if (word.length > 4 && word.endsWith("ies")) found.push(`${word.slice(0, -3)}y`)
    if (word.length > 3 && /[^s]s$/.test(word)) found.push(word.replace(/'?s$/, ""))
  }
  return found
}

/* A Korean verb without its endings: 비우 for 비우려면. */
const verbs = word => VERBAL.filter(ending => word.endsWith(ending) && word.length > ending.length + 1)
  .map(ending => word.slice(0, -ending.length))

/* What other forms of an English word begin with: elect for electing. */
const roots = word => word.match(/^([a-z]{4,}?)(?:ing|ed|er|or|ion|ions|es|ly)$/)?.slice(1) ?? []

/* A word cut into pieces: [[piece, place]]. Of 2n + 1 pieces n slips leave one whole: a swap harms two. */
const piecesOf = (word, count) => Array.from({ length: count }, (_, n) => {
  const [start, end] = [n, n + 1].map(part => Math.floor(part * word.length / count))
  return [word.slice(start, end), start]
})
const shares = (word, pieces, limit) => pieces.some(([piece, place]) => {
  const at = word.indexOf(piece, Math.max(0, place - limit))
  return at >= 0 && at <= place + limit
})

/* Letters to change, add, leave out or swap to make a beginning of `word` of `typed`. */
const distance = (typed, word, limit) => {
  const length = Math.min(word.length, typed.length + limit)
  let before = []
  let above = Array.from({ length: length + 1 }, (_, n) => n)
  for (let i = 1; i <= typed.length; i++) {
    const row = Array(length + 1).fill(limit + 1)
    let least = row[0] = i
    for (let j = Math.max(1, i - limit); j <= Math.min(length, i + limit); j++) {
      row[j] = Math.min(
        above[j] + 1, row[j - 1] + 1, above[j - 1] + (typed[i - 1] !== word[j - 1]),
      )
      if (i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1)
      least = Math.min(least, row[j])
    }
    if (least > limit) return limit + 1
    before = above
    above = row
  }
  return Math.min(...above.slice(Math.max(0, typed.length - limit)))
}

/* The book */

const TITLE = 4 // a word in a page's title weighs as much as so many in its text
const ABOUT = 0.5 // what a page says of itself, by its title
const HEADING = 1.2
const EXACT = 1.9 // the glossary, for a term that no page is about
const PASTED = 8 // so many words are pasted: what is unknown among them is a name, no slip
const SHOWN = 40

class Book {
  constructor({ config, docs }) {
    const { terms = [], about = {} } = config
    this.docs = []
    const pages = new Map()
    const listed = new Set(terms.map(term => term.location))
    for (const doc of [...docs.filter(doc => !listed.has(doc.location)), ...terms.map(termDocument)]) {
      const [path] = doc.location.split("#")
      const page = pages.get(path) ?? pages.set(path, pages.size).get(path)
      const text = `${plain(about[doc.location] ?? "")} ${plain(doc.text)}`.trim()
      const first = !doc.location.includes("#")
      const names = doc.names?.map(name => fold(plain(name)))
      const { location, boost = 1 } = doc
      this.docs.push({ location, page, first, title: plain(doc.title), text, names, boost })
    }
    this.pages = pages.size
    for (const doc of this.docs) {
      doc.folded = fold(doc.text)
      doc.heading = fold(doc.title)
    }
    this.texts = new Dictionary(this.docs.map(doc => doc.folded))
    this.titles = new Dictionary(this.docs.map(doc =>
      doc.first ? `${doc.heading} ${pathWords(doc.location)}` : doc.heading))
    this.abouts = new Dictionary(this.docs.map(doc => fold(plain(about[doc.location] ?? ""))))
    this.length = this.docs.reduce((sum, doc) => sum + doc.folded.length, 0) / this.docs.length
    this.glossary = terms.map(({ names }) => names.map(name => ({ name, words: wordsOf(fold(name)) })))
    this.names = new Map()
    for (const names of this.glossary)
      for (const { words } of names) {
        const name = words.join("")
        this.names.set(name, names)
        if (HANGUL.test(name) && name.length > 5) this.names.set(abbreviated(name), names)
      }
  }

  /** The query's ideas: each may be said in several ways, each of one word or more. */
  ideas(query) {
    const typed = wordsOf(query).flatMap(word => this.compound(word))
    const words = typed.map(fold)
    const ideas = new Map()
    for (let n = 0; n < words.length;) {
      const [names, length] = this.named(words.slice(n, n + 4))
      const said = words.slice(n, n + length)
      const ways = names
        ? [{ words: said, weight: 1 }, ...names.map(name => ({ words: name.words, weight: 0.95 }))]
        : this.ways(words[n], words.length < PASTED)
      if (length > 1 || !asks(words[n]))
        ideas.set(names ?? said.join(" "), { typed: typed.slice(n, n + length).join(" "), ways })
      n += length
    }
    return [...ideas.values()].slice(0, 40)
  }

  /** A word as it was typed, or the words that it is written together of: 노드 and 이미지. */
  compound(word) {
    const folded = fold(word)
    if (this.named([folded])[0] || this.says([folded, ...stems(folded)].map(w => ({ words: [w] }))))
      return [word]
    const parts = [folded, ...stems(folded)].map(form => this.texts.split(form)).find(Boolean)
    if (!parts || parts.length < 2) return [word]
    let at = 0
    return parts.map(part => {
      const start = at
      while (at < word.length && fold(word.slice(start, at)).length < part.length) at += 1
      return word.slice(start, at)
    })
  }

  /** The names in the glossary of what stands at the beginning of `words`, and how many they are. */
  named(words) {
    for (let length = words.length; length > 0; length--) {
      const name = words.slice(0, length).join("")
      for (const form of [name, ...stems(name)])
        if (this.names.has(form)) return [this.names.get(form), length]
    }
    return [undefined, 1]
  }

  /** What a word that the glossary does not name may be in the book. */
  ways(word, typed) {
    const ways = [word, ...stems(word)].map((form, n) => ({ words: [form], weight: n ? 0.9 : 1 }))
    const rooted = roots(word).map(root => ({ words: [root], weight: 0.6 }))
    if (this.says([...ways, ...rooted])) return [...ways, ...rooted]
    const verb = verbs(word).map(stem => ({ words: [stem], weight: 0.8 }))
    if (this.says(verb)) return verb
    if (CONSONANTS.test(word)) return [{ words: [], abbreviation: word, weight: 0.9 }]
    const other = otherKeyboard(word)
    if (other && this.says([{ words: [other] }])) return [{ words: [other], weight: 0.8 }]
    const start = this.beginning(word)
    if (start) return [{ words: [start], weight: 0.9 }]
    if (!typed) return []
    return [...this.texts.heard(word), ...this.texts.alike(word)].map(like => ({ words: [like], weight: 0.6 }))
  }

  /** The longest known beginning of a name with signs in it: system:serviceaccount: of another. */
  beginning(word) {
    const ends = [...word.matchAll(/[^\p{L}\p{N}]+/gu)].map(sign => sign.index + sign[0].length)
    return ends.reverse().map(end => word.slice(0, end)).find(start => this.texts.find(start).size)
  }

  says(ways) {
    return ways.some(({ words }) =>
      words.every(word => this.texts.find(word).size || this.titles.find(word).size))
  }

  /** What each document says of an idea: {doc: {text, title}}, the best of the ways. */
  found(idea) {
    const found = new Map()
    for (const { words, weight, abbreviation } of idea.ways) {
      const [texts, titles, abouts] = [this.texts, this.titles, this.abouts].map(
        dictionary => abbreviation
          ? dictionary.abbreviated(abbreviation) : together(words.map(word => dictionary.find(word))))
      for (const doc of new Set([...texts.keys(), ...titles.keys()])) {
        const old = found.get(doc) ?? { text: 0, title: 0 }
        const title = Math.max(titles.get(doc) ?? 0, ABOUT * Math.min(1, 2 * (abouts.get(doc) ?? 0)))
        found.set(doc, {
          text: Math.max(old.text, weight * (texts.get(doc) ?? 0)),
          title: Math.max(old.title, weight * Math.min(title, 1)),
        })
      }
    }
    return found
  }

  /** Pages for a query, the best first: [{page, score, docs: {doc: score}, ideas}]. */
  rank(query, ideas) {
    const pages = new Map()
    for (const idea of ideas) {
      const found = this.found(idea)
      const said = new Set([...found.keys()].map(doc => this.docs[doc].page)).size
      idea.weight = Math.max(0.2, Math.log(1 + (this.pages - said + 0.5) / (said + 0.5)))
      for (const [doc, { text, title }] of found) {
        const { page, first, folded } = this.docs[doc]
        if (!pages.has(page)) pages.set(page, { page, docs: new Map(), ideas: new Map() })
        const on = pages.get(page)
        const norm = 0.5 + 0.5 * folded.length / this.length
        const seen = on.docs.get(doc) ?? { text: 0, title: 0 }
        seen.text += idea.weight * text / (text + norm)
        seen.title += idea.weight * title
        on.docs.set(doc, seen)
        const had = on.ideas.get(idea) ?? { text: 0 }
        had.text += text
        on.ideas.set(idea, had)
      }
    }
    const all = sum(ideas, idea => idea.weight)
    for (const on of pages.values()) this.weigh(on, ideas, all)
    const best = [...pages.values()].sort((a, b) => b.score - a.score).slice(0, SHOWN)
    for (const on of best) on.score *= 1 + this.phrases(on, query)
    best.sort((a, b) => b.score - a.score)
    const enough = 0.5 * Math.max(...best.map(on => on.covers))
    return best.filter(on => on.covers >= enough)
  }

  /** The score of a page: its best section and all of it, by how much of the query it covers. */
  weigh(on, ideas, all) {
    on.covers = sum(on.ideas.keys(), idea => idea.weight) / all
    let best = 0
    for (const [doc, seen] of on.docs) {
      const { first, names } = this.docs[doc]
      const title = names ? EXACT * this.isNamed(names, ideas)
        : (first ? TITLE : HEADING) * (0.4 + 0.3 * this.share(doc, ideas) + 0.3 * seen.title / all)
      seen.score = seen.text + seen.title * title
      best = Math.max(best, seen.score)
    }
    const whole = sum(on.ideas, ([idea, { text }]) => idea.weight * text / (text + 2))
    on.score = (best + whole) * on.covers * this.docs[on.docs.keys().next().value].boost
  }

  /** How much of a title is what was looked for: 0 to 1. */
  share(doc, ideas) {
    const heading = this.docs[doc].heading.replace(/\s/g, "") // nodeport for Node ports, too
    const said = ideas.flatMap(idea => idea.ways)
      .filter(way => way.words.every(word => heading.includes(word)))
      .map(way => sum(way.words, word => word.length))
    return Math.min(1, Math.max(0, ...said) / (heading.length || 1))
  }

  /** Whether the query is a name of a term of the glossary and nothing else. */
  isNamed(names, ideas) {
    return ideas.length === 1 && ideas[0].ways.some(way => names.includes(way.words.join(" ")))
  }

  /** How much of the query stands on a page as it was typed: 0 to 1. */
  phrases(on, query) {
    const words = fold(query).split(/\s+/).filter(Boolean)
    const telling = list => sum(list, word => asks(word) ? 0.25 : 1)
    const most = Math.max(2, telling(words))
    const signs = words.length === 1 && words[0] !== words[0].replace(EDGES, "")
    const said = text => {
      let total = 0
      for (let n = 0; n < words.length;) {
        let run = words[n]
        let end = n + 1
        if (text.includes(run)) {
          while (end < words.length && text.includes(`${run} ${words[end]}`)) run += ` ${words[end++]}`
          const length = signs ? 2 : telling(words.slice(n, end))
          if (length > 1) total += length ** 1.5
        }
        n = end
      }
      return total / most ** 1.5
    }
    const docs = [...on.docs.keys()].map(doc => this.docs[doc]).filter(doc => !doc.names)
    return Math.max(0, ...docs.map(doc => said(doc.folded)))
      + Math.max(0, ...docs.map(doc => said(doc.heading) * (doc.first ? 1 : 0.5)))
  }

  /** What Material shows: pages with their sections, texts cut to what was found. */
  search(query) {
    const ideas = this.ideas(query.normalize("NFC"))
    const ranked = ideas.length ? this.rank(query, ideas) : []
    const items = ranked.map(on => {
      const docs = [...on.docs].map(([doc, { score }]) => [doc, score])
        .sort(([, a], [, b]) => b - a).slice(0, 5)
      const first = this.docs.findIndex(doc => doc.page === on.page && doc.first)
      if (!docs.some(([doc]) => doc === first)) docs.push([first, 0])
      const top = docs[0][1]
      return docs.map(([doc, score]) => this.shown(doc, on.score * score / (top || 1), ideas, on))
    })
    return { items, suggest: this.suggest(query) }
  }

  shown(number, score, ideas, on) {
    const doc = this.docs[number]
    const marks = { title: this.marks(number, "title", ideas), text: this.marks(number, "text", ideas) }
    const terms = {}
    for (const field of ["title", "text"])
      for (const [start, end] of marks[field].slice(0, 20))
        terms[doc[field].slice(start, end).toLowerCase()] = true
    for (const idea of ideas)
      if (!on.ideas.has(idea)) terms[idea.typed] = false
    return {
      location: doc.location, score, terms, title: marked(doc.title, marks.title),
      text: doc.text && teaser(doc.text, marks.text),
    }
  }

  /** Where a document's field says what was looked for: [[start, end]], in order. */
  marks(number, field, ideas) {
    const doc = this.docs[number]
    const [folded, at] = (doc[`${field}Map`] ??= mapped(doc[field]))
    const marks = []
    for (const word of new Set(ideas.flatMap(idea => idea.ways).flatMap(way => way.words)))
      for (let n = folded.indexOf(word); n >= 0; n = folded.indexOf(word, n + word.length))
        if (!isShort(word) || !LETTER.test(folded[n - 1] ?? ""))
          marks.push([at[n], at[n + word.length - 1] + 1])
    marks.sort(([a], [b]) => a - b)
    return marks.filter(([start], n) => n === 0 || start >= marks[n - 1][1])
  }

  /** The glossary's completion of the last word. Material shows the last of the list. */
  suggest(query) {
    const part = query.split(/[\s-]+/).pop() // what Material puts the completion in place of
    const [two] = query.match(/(?:\S+\s+)?\S*$/)
    const last = query.split(/\s+/).pop()
    if (!part) return []
    const names = this.glossary.flat().map(({ name }) => name)
    for (const tail of this.texts.stems.has(fold(last)) ? [two] : new Set([two, last])) {
      const name = names
        .filter(name => name.length > tail.length && name.toLowerCase().startsWith(tail.toLowerCase()))
        .sort((a, b) => a.length - b.length)[0]
      if (name) return [part + name.slice(tail.length).split(/[\s-]/)[0]]
    }
    return []
  }
}

/* A term of the glossary, as a section of its page. */
const termDocument = term => ({ ...term, title: term.names.join(" · ") })

/* The words of an address, also written together: node-ports and nodeports. */
const pathWords = location => location.replace(/\.html$/, "").split("/")
  .flatMap(name => [name, name.replace(/-/g, "")]).join(" ")

const sum = (items, value) => [...items].reduce((total, item) => total + value(item), 0)

const together = maps => {
  if (maps.length === 1) return maps[0]
  const [first, ...others] = maps
  return new Map([...first].filter(([doc]) => others.every(map => map.has(doc)))
    .map(([doc, weight]) => [doc, Math.min(weight, ...others.map(map => map.get(doc)))]))
}

/* A folded text, and for each of its letters the place of its character in the text. */
const mapped = text => {
  const at = []
  let folded = ""
  let place = 0
  for (const char of text) {
    const part = letters(char)
    folded += part
    for (let n = 0; n < part.length; n++) at.push(place)
    place += char.length
  }
  return [folded, at]
}

const marked = (text, marks) => {
  let html = ""
  let done = 0
  for (const [start, end] of marks) {
    html += `${escaped(text.slice(done, start))}<mark>${escaped(text.slice(start, end))}</mark>`
    done = end
  }
  return html + escaped(text.slice(done))
}

/* The part of a text that says the most of what was looked for. */
const LENGTH = 170
const teaser = (text, marks) => {
  const density = marks.map(([start]) => {
    const seen = marks.filter(mark => mark[0] >= start && mark[1] <= start + LENGTH)
    return new Set(seen.map(([a, b]) => text.slice(a, b).toLowerCase())).size + seen.length / 100
  })
  const best = density.length ? marks[density.indexOf(Math.max(...density))][0] : 0
  const start = best < 40 ? 0 : text.indexOf(" ", best - 40) + 1 || best
  const stop = text.lastIndexOf(" ", start + LENGTH)
  const end = text.length - start <= LENGTH ? text.length : stop > start ? stop : start + LENGTH
  const inside = marks.filter(mark => mark[0] >= start && mark[1] <= end)
    .map(mark => mark.map(place => place - start))
  return `${start ? "… " : ""}${marked(text.slice(start, end), inside)}${end < text.length ? " …" : ""}`
}

/* Material's messages: setup, ready, query, result. */

let book

addEventListener("message", ({ data: message }) => {
  if (message.type === 0) {
    book = new Book(message.data)
    postMessage({ type: 1 })
  } else if (message.type === 2) {
    postMessage({ type: 3, data: book.search(message.data) })
  }
})

package history

import (
	"encoding/base32"
	"fmt"
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// bodyWords is how much of each body is indexed, in bytes.
	bodyWords = 16 << 10
	// mostWords is how many different words of an exchange are indexed.
	mostWords = 4000
	// longestWord is how many bytes of a word are indexed.
	longestWord = 64
)

// bag collects the different words of an exchange, as the index holds them.
type bag struct {
	seen map[string]struct{}
	text strings.Builder
}

func (b *bag) put(word string) {
	if _, known := b.seen[word]; known || len(b.seen) >= mostWords {
		return
	}
	b.seen[word] = struct{}{}
	b.text.WriteString(word)
	b.text.WriteByte(' ')
}

// wordsOf returns what is indexed of an exchange.
func wordsOf(x *Exchange) string {
	b := &bag{seen: make(map[string]struct{}, 128)}
	for _, f := range filtersOf(x) {
		b.put(f)
	}
	for _, text := range x.texts() {
		tokens(text, b.put)
	}
	for _, h := range x.Request.Headers {
		tokens(h.Name, b.put)
		tokens(h.Value, b.put)
	}
	tokens(head(x.Request.Body), b.put)
	if x.Response != nil {
		for _, h := range x.Response.Headers {
			tokens(h.Name, b.put)
			tokens(h.Value, b.put)
		}
		tokens(head(x.Response.Body), b.put)
	}
	return b.text.String()
}

// head is the part of a body that is indexed.
func head(body []byte) string { return string(body[:min(len(body), bodyWords)]) }

// texts are what a list holds of an exchange.
func (x Exchange) texts() []string {
	out := []string{
		x.Request.Method, x.Request.URL, x.ExternalUserID, x.Account.Name, x.Account.ID, x.Account.App, x.ID,
		string(x.Finding.Who), x.Finding.Code, x.Finding.Summary, x.Note, x.Ticket,
	}
	if x.Response != nil {
		out = append(out, fmt.Sprint(x.Response.Status))
	}
	return out
}

// tokens cuts a text into words: letters and digits, small and without their marks.
// Scripts that put no blanks between words give pairs of characters.
func tokens(text string, put func(word string)) {
	for start := -1; ; {
		end := len(text)
		for i, r := range text {
			in := isWord(r)
			if in && start < 0 {
				start = i
			}
			if !in && start >= 0 {
				end = i
				break
			}
		}
		if start < 0 {
			return
		}
		split(text[start:end], put)
		if end == len(text) {
			return
		}
		text, start = text[end:], -1
	}
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r))
}

// split gives a run of letters and digits as one word, or as pairs where its script has
// no blanks.
func split(run string, put func(string)) {
	run = fold(run)
	for run != "" {
		n := 0
		dense := false
		for i, r := range run {
			if is := isDense(r); i > 0 && is != dense {
				break
			} else {
				dense = is
			}
			n = i + utf8.RuneLen(r)
		}
		if n == 0 {
			return
		}
		if dense {
			bigrams(run[:n], put)
		} else {
			put(cutWord(run[:n]))
		}
		run = run[n:]
	}
}

// cutWord shortens a word to what is indexed of it.
func cutWord(word string) string {
	if len(word) <= longestWord {
		return word
	}
	n := longestWord
	for !utf8.RuneStart(word[n]) {
		n--
	}
	return word[:n]
}

// bigrams gives each character with the next, and the last alone.
func bigrams(run string, put func(string)) {
	last := 0
	for i := range run {
		if i > 0 {
			_, size := utf8.DecodeRuneInString(run[i:])
			put(run[last : i+size])
		}
		last = i
	}
	put(run[last:])
}

// isDense reports the scripts that put no blanks between words.
func isDense(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// fold makes letters small and takes their marks away.
func fold(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

// filterMark begins the words that stand for filters: no text gives such a word.
const filterMark = "\ue001"

// filterWord is the word by which a filter finds.
func filterWord(name, value string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name + ":" + fold(value))) // it never fails
	return filterMark + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h.Sum(nil)))
}

// filtersOf are the filters by which an exchange is found.
func filtersOf(x *Exchange) []string {
	out := []string{
		filterWord("project", x.ProjectID), filterWord("env", string(x.Environment)), filterWord("user", x.ExternalUserID),
		filterWord("account", x.Account.ID), filterWord("app", x.Account.App), filterWord("method", x.Request.Method),
		filterWord("who", string(x.Finding.Who)), filterWord("status", statusOf(x)),
	}
	if x.Response != nil {
		out = append(out, filterWord("status", fmt.Sprintf("%dxx", x.Response.Status/100)))
	}
	if x.Ticket != "" {
		out = append(out, filterWord("ticket", x.Ticket))
	}
	if x.Starred {
		out = append(out, filterWord("starred", ""))
	}
	return out
}

// noAnswer is the status of an exchange that got none.
const noAnswer = "none"

func statusOf(x *Exchange) string {
	if x.Response == nil {
		return noAnswer
	}
	return fmt.Sprint(x.Response.Status)
}

package diagnose

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// words are what an error body says: names of errors, sentences, scopes. They are
// read only from a body, or the part of it, that is known to speak of an error:
// in data the same words mean nothing.
type words struct {
	codes           []string // bare: see bare
	raw             []string // the same as they came
	numbers         []int
	texts           []string
	needed, granted []string
	wait            time.Duration
	left            int // values that may still be read
}

// codeKeys are members, in small letters without separators, that name an error;
// textKeys hold a sentence on it.
var (
	codeKeys = strings.Fields(`code error errorcode err ecode type status reason category subcategory name tag title errortype faultcode
		errorsubcode subcode errcode errno errorcodes id cod stat result serviceerrorcode field messagecode statuscode errorsummary statustext policyname`)
	textKeys = strings.Fields(`message error errordescription description detail details msg errmsg errormessage errorsummary faultstring
		title errortext reason errormsg err errorusermsg info note information resultmessage response errors messages internalmessage developermessage usermessage
		status data text`)
)

// bare brings a name to small letters and digits, so that RATE_LIMIT_EXCEEDED and
// rateLimitExceeded are one.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
}

const (
	mostValues = 400 // of a body that are read
	mostDeep   = 6
	longCode   = 80 // longer ones are sentences
)

// readWords gathers the words of some JSON values.
func readWords(values ...json.RawMessage) words {
	w := words{left: mostValues}
	for _, v := range values {
		w.take("errors", v, 0)
	}
	return w
}

// take reads one value that stands under a name.
func (w *words) take(name string, raw json.RawMessage, deep int) {
	if w.left--; w.left < 0 || deep > mostDeep || len(raw) == 0 {
		return
	}
	key := bare(name)
	switch {
	case slices.Contains(neededKeys, key):
		w.needed = append(w.needed, scopeList(raw)...)
		return
	case slices.Contains(grantedKeys, key):
		w.granted = append(w.granted, scopeList(raw)...)
		return
	}
	if unit, ok := waitKeys[key]; ok && w.wait == 0 {
		w.wait = wait(raw, unit)
	}
	switch raw[0] {
	case '{':
		m := map[string]json.RawMessage{}
		_ = json.Unmarshal(raw, &m) // it was read once
		w.members(m, deep)
	case '[':
		for _, v := range elements(raw) {
			w.take(name, v, deep+1)
		}
	default:
		w.scalar(key, plain(raw))
	}
}

// first are members that are read before all others, in this order: what an
// error says of itself comes before what stands around it.
var first = []string{"error", "errors", "code", "reason", "type", "message"}

func (w *words) members(m map[string]json.RawMessage, deep int) {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	rank := func(name string) string {
		if i := slices.Index(first, strings.ToLower(name)); i >= 0 {
			return strconv.Itoa(i)
		}
		return "~" + name
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(rank(a), rank(b)) })
	for _, name := range names {
		w.take(name, m[name], deep+1)
	}
}

// scopeList reads scopes from a text or a list of texts.
func scopeList(raw json.RawMessage) []string {
	var texts []string
	if json.Unmarshal(raw, &texts) != nil {
		texts = []string{plain(raw)}
	}
	return list(strings.Join(texts, " "))
}

func (w *words) scalar(key, value string) {
	if value == "" {
		return
	}
	if n, err := strconv.Atoi(value); err == nil {
		if slices.Contains(codeKeys, key) {
			w.numbers = append(w.numbers, n)
		}
		return
	}
	if slices.Contains(codeKeys, key) || key == "errors" {
		w.code(value)
	}
	if slices.Contains(textKeys, key) {
		w.texts = append(w.texts, value)
	}
}

func (w *words) code(value string) {
	if strings.Contains(value, "://") { // https://api.twitter.com/2/problems/usage-capped
		value = value[strings.LastIndexByte(value, '/')+1:]
	}
	if head, _, tagged := strings.Cut(value, "/"); tagged && !strings.Contains(head, ":") { // Dropbox: expired_access_token/...
		w.codes = append(w.codes, bare(head))
	}
	if len(value) > longCode {
		return
	}
	if i := strings.LastIndexAny(value, "#:"); i >= 0 && i < len(value)-1 { // com.amazon#ThrottlingException, sf:INVALID_SESSION_ID
		w.codes = append(w.codes, bare(value[i+1:]))
	}
	w.codes, w.raw = append(w.codes, bare(value)), append(w.raw, value)
}

// xmlWords are the elements of an XML error that name it or explain it.
var xmlWords = pattern(`(?i)<(?:\w+:)?(code|errorcode|faultcode|faultstring|message|value|text|error|description)(?:\s[^>]*)?>\s*(?:<!\[CDATA\[)?([^<\]]{1,300})`)

// readBody gathers the words of a whole body that is an error's.
func (a *answer) readBody() words {
	switch {
	case a.top != nil:
		w := words{left: mostValues}
		w.members(a.top, 0)
		return w
	case a.items != nil:
		return readWords(a.items...)
	case a.html():
		return words{}
	}
	var w words
	if found := xmlWords().FindAllSubmatch(a.Body, 20); found != nil {
		for _, m := range found {
			w.code(string(m[2]))
			w.texts = append(w.texts, string(m[2]))
		}
		return w
	}
	if text := strings.TrimSpace(string(a.Body)); text != "" && len(text) < 2000 && isText(text) {
		w.code(strings.Trim(text, `"`))
		w.texts = append(w.texts, text)
	}
	return w
}

func isText(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == '\uFFFD' })
}

// innerStatus is the HTTP status that an error names in its body; 0 where none.
func (w *words) innerStatus() int {
	for _, n := range w.numbers {
		if n >= 400 && n < 600 {
			return n
		}
	}
	return 0
}

// quote puts a stranger's words on one line of bounded length.
func quote(text string) string {
	const most = 160
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		text = string(r[:most-1]) + "…"
	}
	return text
}

// sentence is the longest text: the others are names.
func (w *words) sentence() string {
	longest := ""
	for _, t := range w.texts {
		if len(t) > len(longest) {
			longest = t
		}
	}
	return longest
}

// said is the line of evidence that repeats what the answer says: its name for
// the error, and the sentence.
func (w *words) said() []string {
	var lines []string
	name, text := "", w.sentence()
	if len(w.raw) > 0 {
		name = w.raw[0]
	}
	switch {
	case name == "" && text == "":
	case name == "" || strings.Contains(text, name):
		lines = append(lines, "it says: "+quote(text))
	case text == "":
		lines = append(lines, "it says: "+quote(name))
	default:
		lines = append(lines, fmt.Sprintf("it says: %s: %s", quote(name), quote(text)))
	}
	return lines
}

// xmlRoot matches a document whose root says that it is an error.
var xmlRoot = pattern(`(?is)^\s*(?:<\?xml[^>]*\?>\s*)?(?:<(?:\w+:)?(?:error|errors|errorresponse|fault|exception)[\s>]|<(\w+):envelope.{0,600}<\w+:fault[\s>])`)

package diagnose

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// judgeSuccess judges an answer whose status says success.
func (a *answer) judgeSuccess() Finding {
	switch {
	case a.anonymous():
		k := a.facts()
		return verdict{
			who: Account, code: "anonymous", summary: "{host} answered as to a stranger: it does not accept this account's credential",
			next: []Step{reconnect, compare},
		}.finding(k, append([]string{a.statusLine() + ", with a user whose id is null"}, a.accountEvidence()...))
	case a.cut && a.Method != http.MethodHead:
		return verdict{
			who: Upstream, code: "malformed", summary: "{host} sent JSON that breaks off in the middle, although the answer is whole",
			next: []Step{{"send it again; if it breaks off again, tell the vendor", You, "r"}},
		}.finding(a.facts(), []string{a.statusLine() + fmt.Sprintf(", %s, %d bytes", a.media, len(a.Body))})
	}
	if f, ok := a.judgePage(); ok {
		return f
	}
	for _, s := range shapes {
		if parts, failed := s.find(a); failed {
			return a.failedInside(s, parts)
		}
	}
	return a.byStatus()
}

// anonymous finds the trap of Zendesk: it answers a stranger's "who am I?" with a
// user that has no id.
func (a *answer) anonymous() bool {
	id, there := members(a.top["user"])["id"]
	return there && string(id) == "null" && a.segment(func(s string) bool { return s == "me" || s == "me.json" })
}

// failedInside judges a failure that a success holds.
func (a *answer) failedInside(s shape, parts []json.RawMessage) Finding {
	if parts != nil {
		a.words = readWords(parts...)
	} else if a.words.texts == nil {
		a.words = a.readBody()
	}
	seen := fmt.Sprintf("%d with %s", a.Status, s.says)
	if len(a.words.raw) > 0 && strings.HasSuffix(s.says, ": false") {
		seen += ", error: " + quote(a.words.raw[0])
	}
	evidence := []string{seen}
	if s.part {
		return verdict{
			who: Unknown, code: "failed_partly", summary: "{host} answered, but says that a part of it failed", next: []Step{readAnswer},
		}.finding(a.facts(), append(evidence, a.words.said()...))
	}
	k, known := a.meaningInside()
	if !known && s.means != "" {
		k, known = s.means, true
	}
	if known {
		f := a.kindFinding(k, evidence)
		if k == request || k == missing {
			f.Code = "failed_inside"
			f.Summary = fmt.Sprintf("%s answered %d, but rejects what was sent%s", a.host(), a.Status, a.reason())
		}
		return f
	}
	return verdict{
		who: Unknown, code: "failed_inside", summary: fmt.Sprintf("{host} answered %d, but says that it failed", a.Status) + strings.NewReplacer("{", "(", "}", ")").Replace(a.reason()),
		next: []Step{readAnswer},
	}.finding(a.facts(), append(evidence, a.words.said()...))
}

// reason repeats what the answer says, for the end of a sentence.
func (a *answer) reason() string {
	if text := a.words.sentence(); text != "" {
		return ": " + quote(text)
	}
	if len(a.words.raw) > 0 {
		return ": " + quote(a.words.raw[0])
	}
	return ""
}

// meaningInside reads what a failure inside a success means: by names and phrases,
// by a status that the body names, at last by Slack's way of naming what it minds.
func (a *answer) meaningInside() (kind, bool) {
	if k, ok := a.meaning(0); ok && !slices.Contains([]kind{request, missing, server, permission}, k) {
		return k, true
	}
	if k, ok := a.byInnerStatus(); ok {
		return k, true
	}
	for _, c := range a.words.codes {
		if k, ok := weakMeanings()[c]; ok {
			return k, true
		}
	}
	if k, ok := a.meaning(0); ok {
		return k, true
	}
	if a.is("ok", "false") && len(a.words.raw) > 0 && !strings.Contains(a.words.raw[0], " ") {
		return request, true
	}
	return "", false
}

// byInnerStatus takes a number of the body for the status that it looks like.
func (a *answer) byInnerStatus() (kind, bool) {
	switch n := a.words.innerStatus(); {
	case n == 0:
		return "", false
	case n == 401, n == 498:
		return credential, true
	case n == 402:
		return billing, true
	case n == 403:
		return permission, true
	case n == 404:
		return missing, true
	case n == 409:
		return conflict, true
	case n == 429:
		return rate, true
	case n >= 500:
		return server, true
	}
	return request, true
}

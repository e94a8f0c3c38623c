package response

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/list"
)

// longestSent is how much of a sent body the tab shows.
const longestSent = 64 << 10

// sentLine is one line of the sent tab: as it shows, what y copies, and how that
// is called.
type sentLine struct{ text, copy, what string }

// sentLines is the request as the upstream got it, made once per exchange.
func sentLines(x history.Exchange) []sentLine {
	whom := cmp.Or(x.Account.Name, x.Account.ID)
	if x.Account.Name != "" {
		whom += " (" + x.Account.ID + ")"
	}
	as := "as " + x.ExternalUserID + ", account " + whom + ", " + string(x.Environment)
	lines := []sentLine{
		{visible.Line(x.Request.Method + " " + x.Request.URL), x.Request.URL, "the URL"},
		{visible.Line(as), x.Account.ID, "the account's id"},
	}
	if len(x.Request.Headers) > 0 {
		lines = append(lines, sentLine{})
	}
	for _, h := range x.Request.Headers {
		line := h.Name + ": " + h.Value
		lines = append(lines, sentLine{visible.Line(line), line, "the header " + visible.Line(h.Name)})
	}
	return append(lines, sentBody(x.Request)...)
}

// sentBody is the beginning of what was sent.
func sentBody(r history.Request) []sentLine {
	if len(r.Body) == 0 {
		return []sentLine{{}, {text: "no body"}}
	}
	lines, whole := []sentLine{{}}, string(r.Body)
	body := r.Body[:min(len(r.Body), longestSent)]
	for line := range strings.SplitSeq(visible.Block(string(bytes.TrimSuffix(body, []byte("\n")))), "\n") {
		lines = append(lines, sentLine{line, whole, "the body that was sent"})
	}
	switch {
	case r.BodyTruncated:
		lines = append(lines, sentLine{text: "… cut when it was stored"})
	case len(body) < len(r.Body):
		lines = append(lines, sentLine{text: "… " + list.Bytes(int64(len(r.Body))) + " in all"})
	}
	return lines
}

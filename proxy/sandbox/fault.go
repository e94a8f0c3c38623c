package sandbox

import (
	"cmp"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
)

// fault is what befalls this call: the account's before the app's.
func (c *call) fault() Fault {
	for _, f := range []Fault{c.acc.Fault, c.app.Fault} {
		if f != (Fault{}) && (f.Rate == 0 || rand.Float64() < f.Rate) { //nolint:gosec // chance, no secret
			return f
		}
	}
	return Fault{}
}

// answer is a fault's answer, in the upstream's name.
func (f Fault) answer(w *recorder) {
	status, body := cmp.Or(f.Status, http.StatusOK), f.Body
	if f.Malformed && body == "" {
		body = `{"ok": true, "items": [`
	}
	w.call.Source = "upstream"
	h := w.Header()
	h.Set(sourceHeader, "upstream")
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // a caller that went needs no answer
}

package proxy_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/connectty/connectty/proxy"
)

// Whatever a server echoes of our secrets, and however it writes them, an error
// holds none of it.
func TestNoSecretInErrors(t *testing.T) {
	t.Parallel()
	const secret = "a/se+cret"
	for name, k := range map[string]struct{ body, message string }{
		"plain":          {`{"error":"bad secret a/se+cret."}`, "bad secret [redacted]."},
		"slash":          {`{"error":"bad secret a\/se+cret."}`, "bad secret [redacted]."},
		"hex":            {`{"error":"\"a\u002Fse\u002bcret\" and a\/se+cret"}`, `"[redacted]" and [redacted]`},
		"token":          {`{"error":"t\u006fk1"}`, "[redacted]"},
		"broken":         {`{"error":"a\/se+cret`, "Bad Request"},
		"half an escape": {`{"error":"a\/se+cret \u00`, "Bad Request"},
		"others stay":    {`{"error":"a\/b \ud83d\ude00 \u00e9"}`, "a/b 😀 é"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := connect(t, numbered(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Request-Id", r.Header.Get("Authorization"))
				w.Header().Set("X-Echo", "secret="+secret)
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, k.body)
			}), func(o *proxy.Options) { o.ClientSecret = secret })
			_, err := c.Account(t.Context(), "apn_1")
			var refusal *proxy.APIError
			if !errors.As(err, &refusal) || refusal.Message != k.message {
				t.Fatalf("got %v, want %s", err, k.message)
			}
			if refusal.RequestID != "Bearer [redacted]" || refusal.Header.Get("X-Echo") != "secret=[redacted]" {
				t.Errorf("got %q, %v", refusal.RequestID, refusal.Header)
			}
			if body := string(refusal.Body); strings.Contains(body, "se+") || strings.Contains(body, "002b") || strings.Contains(body, "006f") {
				t.Errorf("body: got %s", body)
			}
		})
	}
}

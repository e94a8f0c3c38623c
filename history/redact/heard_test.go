package redact_test

import (
	"strings"
	"testing"

	"github.com/connectty/connectty/history/redact"
)

// What was masked for its name is masked wherever an answer repeats it.
func TestLearn(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ header, url, body, answer, want string }{
		"in a URL":         {url: "/a?token=sekret123", answer: `{"url":"http://h.io/?q=a&t=sekret123","args":["sekret123"]}`, want: `{"url":"http://h.io/?q=a&t=[redacted]","args":["[redacted]"]}`},
		"escaped in a URL": {url: "/a?token=sek%2Fret+1%3D", answer: `{"a":"sek/ret 1=","b":"sek\/ret 1=","c":"/x?t=sek%2Fret%201%3D"}`, want: `{"a":"[redacted]","b":"[redacted]","c":"/x?t=[redacted]"}`},
		"of a member":      {body: `{"password":"s\"ekret9"}`, answer: `it was s"ekret9, "s\"ekret9"`, want: `it was [redacted], "[redacted]"`},
		"of an object":     {body: `{"credentials":{"kind":"account","a":["sekret9"]}}`, answer: "an account, sekret9", want: "an account, [redacted]"},
		"of a login":       {header: "Basic dXNlcjpzZWtyZXQ5", answer: "user, sekret9", want: "user, [redacted]"},
		"in Base64":        {url: "/a?token=sekret123", answer: `{"a":"eDpzZWtyZXQxMjM6eQ=="}`, want: `{"a":"eDp[redacted]M6eQ=="}`},
		"short":            {body: `{"pin":"1234","cvc":1,"token":"a"}`, answer: `{"n":1234,"a":"a1"}`, want: `{"n":1234,"a":"a1"}`},
		"a number":         {body: `{"pin":123456}`, answer: `1234567 123456`, want: `1234567 [redacted]`},
		"a word":           {body: `{"token":"select"}`, answer: `selected select`, want: `selected [redacted]`},
		"itself a name":    {body: `{"token":"password"}`, answer: `{"password":null}`, want: `{"password":null}`},
		"like a name":      {body: `{"token":"my-own-token"}`, answer: `{"a":"my-own-token"}`, want: `{"a":"[redacted]"}`},
		"two names":        {body: `{"token":"client_secret"}`, answer: `{"client_secret":null}`, want: `{"client_secret":null}`},
		"of a query alone": {url: "/a?key=customers", answer: `{"customers":1}`, want: `{"customers":1}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := redact.New()
			m.URL(tt.url)
			m.Header("Authorization", tt.header)
			m.Body("application/json", []byte(tt.body))
			m.Learn()
			if got, _ := m.Body("", []byte(tt.answer)); string(got) != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// A request that holds many secrets makes an answer no slower.
func BenchmarkLearned(b *testing.B) {
	m := redact.New("a-secret-of-ours")
	for i := range 64 {
		m.Header("X-Api-Key", strings.Repeat("k", i%7)+"secret-value-"+strings.Repeat("x1", i))
	}
	m.Learn()
	body := []byte(`[` + strings.Repeat(`{"id":123,"name":"a name","url":"https://h.io/a?b=c"},`, 40_000) + `{}]`)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		m.Body("application/json", body)
	}
}

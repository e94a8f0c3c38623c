package redact_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/connectty/connectty/history/redact"
)

// What was JSON is JSON, whatever is masked in it; times and other long numbers stay.
func TestMaskedJSON(t *testing.T) {
	t.Parallel()
	learned := redact.New()
	learned.Personal = true
	learned.Header("X-Api-Key", `"abcdef12345"`)
	learned.Body("application/json", []byte(`{"pin":123456,"otp":"987654","password":"\"hunter2222\""}`))
	learned.Learn()
	const m = redact.Mask
	tests := map[string]string{
		`{"text":"Hi,\nbob@example.com wrote"}`:                  `{"text":"Hi,\n` + m + ` wrote"}`,
		`{"t":"\tbob@example.com"}`:                              `{"t":"\t` + m + `"}`,
		`{"h":"\u003cbob@example.com\u003e"}`:                    `{"h":"\u003c` + m + `\u003e"}`,
		`{"a":"{\"b\":\"x\\nbob@example.com\"}"}`:                `{"a":"{\"b\":\"x\\n` + m + `\"}"}`,
		`{"phone":"\n+49 170 1234567"}`:                          `{"phone":"\n` + m + `"}`,
		`{"card":4111111111111111}`:                              `{"card":"` + m + `"}`,
		`[4111111111111111,2]`:                                   `["` + m + `",2]`,
		`{"card":"4111 1111 1111 1111"}`:                         `{"card":"` + m + `"}`,
		`{"x":-4111111111111111.5}`:                              `{"x":"` + m + `"}`,
		`{"ts":1732577000123,"id":1234567890123456}`:             `{"ts":1732577000123,"id":1234567890123456}`,
		`{"echo":"abcdef12345","k":"hunter2222"}`:                `{"echo":"` + m + `","k":"` + m + `"}`,
		`{"amount":123456,"x":[987654,1],"y":{"123456":1}}`:      `{"amount":"` + m + `","x":["` + m + `",1],"y":{"` + m + `":1}}`,
		`{"s":"a \"quoted\" bob@example.com","n":-123456.5e3}`:   `{"s":"a \"quoted\" ` + m + `","n":"` + m + `"}`,
		`{"lines":"4111111111111111, \"x\": 4111111111111111 "}`: `{"lines":"` + m + `, \"x\": ` + m + ` "}`,
	}
	for _, stays := range []string{ // the quote behind the name is the text's own
		`{"label":"Password:","type":"text"}`, `["Enter your password:","ok"]`, `{"next":"https://a.io/?page_size=5&access_token=","x":1}`,
		`{"hint":"use password=","x":[1]}`, `{"h":"Set the header Authorization:"}`, `["token:"]`, `"secret="`, `{"a":"{\"label\":\"Password:\",\"x\":1}"}`,
		"{\"a\":\"api_key:\"\n}", `{"a":"api_key: " , "b":"c"}`,
	} {
		tests[stays] = stays
	}
	for text, want := range tests {
		got, _ := learned.Body("application/json", []byte(text))
		if string(got) != want || !json.Valid(got) {
			t.Errorf("%s\nbecomes %s\nwant    %s", text, got, want)
		}
		if again, _ := learned.Body("application/json", got); string(again) != string(got) {
			t.Errorf("%s\nbecomes %s", got, again)
		}
	}
	if got, _ := learned.Body("text/plain", []byte("call 4111111111111111 or bob@example.com")); strings.Count(string(got), m) != 2 || strings.Contains(string(got), `"`) {
		t.Errorf("text: %s", got)
	}
}

// Whatever is masked, JSON stays JSON, and nothing panics.
func FuzzMaskedJSON(f *testing.F) {
	for _, tt := range telling {
		f.Add(tt[1])
	}
	for _, text := range []string{`{"a":"\n\"x@y.io","b":4111111111111111}`, `{"k":"token=abcdef12345&x"}`, `[123456,"123456",{"123456":-123456.5}]`, "\"vAlue\\\":0", `{"u":"https://a:b@c.io/?key=x#y"}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := redact.New("s3cr&t/value\"x")
		m.Personal = true
		m.Body("application/json", []byte(`{"pin":123456,"password":"hunter2/x9"}`))
		m.Learn()
		got, _ := m.Body("application/json", []byte(text))
		if json.Valid([]byte(text)) && !json.Valid(got) {
			t.Errorf("%s\nbecomes\n%s", text, got)
		}
	})
}

package export_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/proxy"
)

// What must not pass: a value known to be secret, a token by its shape, a person.
const (
	known  = "pd-s3cret/of+ours=="
	token  = "xoxb-12345-abcdef"
	person = "ada.lovelace@acme.example"
	label  = "Ada Lovelace · Acme Ltd"
)

// places are exchanges that hold a text in every position there is.
func places(secret string) map[string]history.Exchange {
	quoted, _ := json.Marshal(secret)
	deep := `{"a":[{"b":{"c":[1,` + string(quoted) + `]}}],"d":"before ` + strings.Trim(string(quoted), `"`) + ` after"}`
	code := base64.StdEncoding.EncodeToString([]byte("user:" + secret + ":x"))
	typed := func(kind, body string) []any { return []any{kind, body} }
	bodies := map[string][]any{
		"JSON": typed("application/json", deep), "JSON, undeclared": typed("", deep), "JSON, cut": typed("application/json", deep[:len(deep)-8]),
		"JSON in JSON": typed("application/json", `{"payload":`+string(mustQuote(deep))+`}`), "text": typed("text/plain", "it is "+secret+"."),
		"form":                   typed("application/x-www-form-urlencoded", "a=1&b="+url.QueryEscape(secret)+"&"+url.QueryEscape(secret)+"=2"),
		"form, lower hex":        typed("application/x-www-form-urlencoded", "b="+strings.NewReplacer("%2F", "%2f", "%2B", "%2b", "%3D", "%3d").Replace(url.QueryEscape(secret))),
		"slashes escaped":        typed("application/json", `{"a":"`+strings.ReplaceAll(secret, "/", `\/`)+`"}`),
		"a URL in JSON":          typed("application/json", `{"next":"https://h.io/?q=`+url.QueryEscape(secret)+`"}`),
		"HTML":                   typed("text/html", "<p>"+secret+"</p>"),
		"multipart":              typed("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"+secret+"\r\n--b--"),
		"a member's name":        typed("application/json", `{`+string(quoted)+`:1}`),
		"Base64 in JSON":         typed("application/json", `{"auth":"`+code+`"}`),
		"Base64 of URLs in text": typed("text/plain", base64.RawURLEncoding.EncodeToString([]byte("xy"+secret))),
	}
	all := map[string]history.Exchange{}
	for name, b := range bodies {
		x, y := sample(), sample()
		head := []proxy.Field{{Name: "Content-Type", Value: b[0].(string)}}
		x.Request.Headers, x.Request.Body = head, []byte(b[1].(string))
		y.Response.Headers, y.Response.Body = head, []byte(b[1].(string))
		all["request body, "+name], all["response body, "+name] = x, y
	}
	change := func(name string, with func(x *history.Exchange)) {
		x := sample()
		with(&x)
		all[name] = x
	}
	change("request header", func(x *history.Exchange) { x.Request.Headers = []proxy.Field{{Name: "X-Any", Value: "a " + secret}} })
	change("response header", func(x *history.Exchange) {
		x.Response.Headers = []proxy.Field{{Name: "X-Any", Value: secret}, {Name: "Location", Value: "https://h.io/?q=" + url.QueryEscape(secret)}}
	})
	change("header, Base64", func(x *history.Exchange) { x.Request.Headers = []proxy.Field{{Name: "X-Auth", Value: "Basic " + code}} })
	change("query", func(x *history.Exchange) {
		x.Request.URL = "https://h.io/p?q=" + url.QueryEscape(secret) + "&" + url.QueryEscape(secret) + "=1"
	})
	change("query, as it is", func(x *history.Exchange) { x.Request.URL = "https://h.io/p?q=" + secret })
	change("path", func(x *history.Exchange) { x.Request.URL = "https://h.io/users/" + url.PathEscape(secret) + "/x" })
	change("path alone", func(x *history.Exchange) { x.Request.URL = "/users/" + url.PathEscape(secret) })
	change("user information", func(x *history.Exchange) { x.Request.URL = "https://" + url.QueryEscape(secret) + ":pw@h.io/" })
	change("finding", func(x *history.Exchange) {
		x.Finding.Summary, x.Finding.Evidence, x.Finding.Next[0].Text = secret, []string{secret}, "tell "+secret
	})
	change("note", func(x *history.Exchange) { x.Note, x.Ticket = "see "+secret, "ACME-12" })
	change("ticket", func(x *history.Exchange) { x.Ticket = secret })
	change("external user", func(x *history.Exchange) { x.ExternalUserID = secret })
	return all
}

func mustQuote(s string) []byte {
	quoted, _ := json.Marshal(s) // a string can always be written
	return quoted
}

// tells reports whether a text tells a secret: as it is, in an escape, or in Base64.
func tells(text, secret string) bool {
	plain := strings.NewReplacer(`\/`, "/", "%2F", "/", "%2f", "/", "%2B", "+", "%2b", "+", "%3D", "=", "%3d", "=", "%40", "@", "%20", " ").Replace(text)
	if strings.Contains(text, secret) || strings.Contains(plain, secret) {
		return true
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n\"\\&?:.,`", r) }) {
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
			if b, err := enc.DecodeString(word); err == nil && bytes.Contains(b, []byte(secret)) {
				return true
			}
		}
	}
	return false
}

// A value known to be secret never passes, nor do a token and a person's name or
// address, wherever they stand, in no kind of report.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	for what, secret := range map[string]string{"known": known, "token": token, "person": person, "label": label} {
		for where, x := range places(secret) {
			if what != "known" && strings.Contains(where, "Base64") {
				continue // what is not known by its bytes is not looked for there
			}
			r := func() export.Report {
				stand := redact.NewPseudonyms([]byte("key"))
				stand.Give("name", label)
				return export.Report{Mask: redact.New(known), Stand: stand}
			}
			var markdown, ticket, har bytes.Buffer
			for _, err := range []error{r().Markdown(&markdown, x), r().Ticket(&ticket, x.Ticket, []history.Exchange{x, x}), r().HAR(&har, x)} {
				if err != nil {
					t.Fatal(err)
				}
			}
			for kind, b := range map[string]*bytes.Buffer{"Markdown": &markdown, "ticket": &ticket, "HAR": &har} {
				if tells(b.String(), secret) {
					t.Errorf("%s, in the %s: the %s tells it:\n%s", what, where, kind, b)
				}
			}
		}
	}
}

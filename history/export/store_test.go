package export_test

import (
	"bytes"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// tokensOf are values that are secret by their shape, of many issuers.
var tokensOf = map[string]string{
	"Slack": token, "Slack webhook": "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
	"GitHub": "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "GitHub, fine": "github_pat_11ABCDEFG0aBcDeFgHiJkL_0123456789", "GitLab": "glpat-aBcDeFgHiJkLmNoPqRsT",
	"Stripe": "sk_live_51H8aBcDeFgHiJkLmNoPq", "webhook": "whsec_aBcDeFgHiJkLmNoPqRsTuVwXyZ012345", "AWS": "AKIAIOSFODNN7EXAMPLE",
	"JWT":    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
	"Google": "AIzaSyA1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU1v", "SendGrid": "SG.aBcDeFgHiJkLmNoP.qRsTuVwXyZ0123456789aBcDeF",
	"npm": "npm_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789", "OpenAI": "sk-proj-aBcDeFgHiJkLmNoPqRsT", "Notion": "ntn_12345678901aBcDeFgHiJkLmNoP",
	"Telegram": "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0",
}

// named are exchanges that hold a secret which only the name before it, or what the request
// said, tells to be one.
func named(secret string) map[string]history.Exchange {
	escaped, slashes := url.QueryEscape(secret), strings.ReplaceAll(secret, "/", `\/`)
	deep := `{"a":"{\"password\":\"` + secret + `\"}"}`
	bodies := map[string][2]string{
		"member": {"application/json", `{"tokens":["` + secret + `"],"secret":{"a":"` + slashes + `"}}`}, "JSON in JSON": {"application/json", deep},
		"BOM": {"", "\ufeff" + deep}, "events": {"text/event-stream", "data: " + deep + "\n\n"}, "XML": {"text/xml", "<a><Password>" + secret + "</Password></a>"},
		"form":       {"Application/X-WWW-Form-Urlencoded", "user[password]=" + escaped + "&payload=" + url.QueryEscape(deep)},
		"multipart":  {"multipart/form-data; boundary=Xy", "--Xy\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\n" + secret + "\r\n--Xy--\r\n"},
		"a URL":      {"application/json", `{"next":"https:\/\/u:` + escaped + `@h.io\/?a=1\u0026token=` + slashes + `"}`},
		"text":       {"text/plain", "see https://h.io/#access_token=" + secret + " and\nX-Api-Key: " + secret},
		"URL in URL": {"text/html", `<a href="/?next=` + url.QueryEscape("https://h.io/?sig="+secret) + `">`},
	}
	all := map[string]history.Exchange{}
	for name, b := range bodies {
		x, y := sample(), sample()
		head := []proxy.Field{{Name: "Content-Type", Value: b[0]}}
		x.Request.Headers, x.Request.Body = head, []byte(b[1])
		y.Response.Headers, y.Response.Body = head, []byte(b[1])
		all["request body, "+name], all["response body, "+name] = x, y
	}
	for name, value := range map[string]string{
		"Location": "https://h.io/cb?access_token=" + escaped, "Link": "<https://h.io/?api_key=" + secret + ">; rel=next", "Referer": "https://u:" + escaped + "@h.io/",
		"X-Auth-Key": secret, "Ocp-Apim-Subscription-Key": secret, "X-Next": "/cb#token=" + secret,
	} {
		x := sample()
		x.Response.Headers = []proxy.Field{{Name: name, Value: value}}
		all["header "+name] = x
	}
	for name, raw := range map[string]string{
		"fragment": "https://h.io/cb#access_token=" + escaped, "nested": "https://h.io/?next=" + url.QueryEscape("https://h.io/?token="+escaped), "brackets": "/a?user[pin]=" + secret,
	} {
		x := sample()
		x.Request.URL = raw
		all["URL, "+name] = x
	}
	// What the request says under a telling name is repeated under others.
	asked := map[string]func(x *history.Exchange){
		"in the URL": func(x *history.Exchange) { x.Request.URL += "&token=" + escaped },
		"in a header": func(x *history.Exchange) {
			x.Request.Headers = append(x.Request.Headers, proxy.Field{Name: "X-Api-Key", Value: secret})
		},
		"in the body": func(x *history.Exchange) { x.Request.Body = []byte(`{"password":"` + slashes + `"}`) },
		"in the cookie": func(x *history.Exchange) {
			x.Request.Headers = append(x.Request.Headers, proxy.Field{Name: "Cookie", Value: "a=b; api_token=" + secret})
		},
	}
	for name, ask := range asked {
		x := sample()
		ask(&x)
		x.Request.Headers = append(x.Request.Headers, proxy.Field{Name: "X-Trace", Value: "of " + secret})
		x.Response.Headers = append(x.Response.Headers, proxy.Field{Name: "X-Echo", Value: escaped})
		x.Response.Body = []byte(`{"url":"http://h.io/?q=` + escaped + `","a":"` + slashes + `","b":["` + secret + `"]}`)
		x.Finding.Summary, x.Finding.Evidence, x.Note = "it refused "+secret, []string{"it says: no " + secret}, "see "+secret
		x.Finding.Next, x.Timing.Remote = []diagnose.Step{{Text: "renew " + secret, Actor: diagnose.You}}, secret+":443"
		all["asked "+name] = x
	}
	return all
}

// Whatever stands in an exchange, no secret is in the file of the history, beside it, in
// its index, or in what is exported of it as lines.
func TestNoSecretInTheStore(t *testing.T) {
	t.Parallel()
	secrets := maps.Clone(tokensOf)
	secrets["known"] = known
	for what, secret := range secrets {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "history.db")
			s, err := history.Open(t.Context(), history.Options{Path: path, ProductionBodies: history.BodiesFull, Secrets: func() []string { return []string{known} }})
			if err != nil {
				t.Fatal(err)
			}
			var lines bytes.Buffer
			for where, x := range places(secret) {
				if where == "external user" || what != "known" && strings.HasSuffix(where, "Base64 of URLs in text") {
					continue // an id of the person's own choice; a token that is glued to other letters is known by its value only
				}
				x.ID = history.NewID(x.StartedAt)
				for _, err := range []error{s.Begin(t.Context(), x), s.Complete(t.Context(), x)} {
					if err != nil {
						t.Fatal(err)
					}
				}
				kept, err := s.Load(t.Context(), x.ID)
				if err != nil {
					t.Fatal(err)
				}
				lines.Reset()
				if err := history.WriteJSON(&lines, kept, nil); err != nil {
					t.Fatal(err)
				}
				if tells(lines.String(), secret) {
					t.Errorf("%s: the history tells it:\n%s", where, lines.String())
				}
			}
			// What has no shape is known by its name, and by what the request said under one.
			plain := "plain/" + what + "/value"
			for where, x := range named(plain) {
				x.ID = history.NewID(x.StartedAt)
				if err := s.Complete(t.Context(), x); err != nil {
					t.Fatal(err)
				}
				kept, err := s.Load(t.Context(), x.ID)
				if err != nil {
					t.Fatal(err)
				}
				lines.Reset()
				if err := history.WriteJSON(&lines, kept, nil); err != nil {
					t.Fatal(err)
				}
				if tells(lines.String(), plain) {
					t.Errorf("%s: the history tells it:\n%s", where, lines.String())
				}
				if err := s.Complete(t.Context(), kept); err != nil { // as an import of it does
					t.Fatal(err)
				}
				if again, err := s.Load(t.Context(), x.ID); err != nil || !reflect.DeepEqual(again, kept) {
					t.Errorf("%s: kept again, it is\n%+v, was\n%+v, %v", where, again, kept, err)
				}
			}
			// Headers stand under names of their own; what is under a secret's name is masked whole.
			x := sample()
			x.ID = history.NewID(x.StartedAt)
			x.Request.Headers = []proxy.Field{{Name: "Cookie", Value: "sid=" + secret}, {Name: "X-Api-Key", Value: "plain-" + what + "-value"}}
			x.Request.Body = []byte(`{"password":"plain-` + what + `-value","deep":[{"client_secret":["plain-` + what + `-value"]}]}`)
			if err := s.Complete(t.Context(), x); err != nil {
				t.Fatal(err)
			}
			if found, err := s.Count(t.Context(), history.Query{Text: secret}); err != nil || found > 0 {
				t.Errorf("it is found %d times, %v", found, err)
			}
			for _, file := range []string{path, path + "-wal", path + "-shm"} {
				data, err := os.ReadFile(file)
				if err != nil {
					continue // it need not be there
				}
				for _, hidden := range []string{secret, "plain-" + what + "-value", plain, strings.ToLower(secret)} {
					if bytes.Contains(data, []byte(hidden)) {
						t.Errorf("%s holds %q", filepath.Base(file), hidden)
					}
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

package redact_test

import (
	"strings"
	"testing"

	"github.com/connectty/connectty/history/redact"
)

// hidden stands in each of the texts below under a name that says secret.
const hidden = "hunter2/x9"

// telling are bodies in which a secret has a telling name, by what they are.
var telling = map[string][2]string{ // media type, text
	"member":                  {"application/json", `{"password":"hunter2/x9"}`},
	"slash escaped":           {"application/json", `{"password":"hunter2\/x9"}`},
	"list":                    {"application/json", `{"a":{"tokens":["x","hunter2/x9"]}}`},
	"object":                  {"application/json", `{"secrets":{"a":"hunter2/x9"},"passwords":["hunter2/x9"]}`},
	"no media type":           {"", `{"api_keys":["hunter2/x9"]}`},
	"BOM":                     {"", "\ufeff{\"auth_key\":\"hunter2/x9\"}"},
	"Latin 1":                 {"application/json", "{\"n\":\"Jos\xe9\",\"password\":\"hunter2/x9\"}"},
	"JSON in JSON":            {"application/json", `{"body":"{\"password\":\"hunter2/x9\"}"}`},
	"JSON, three deep":        {"application/json", `{"a":"{\"b\":\"{\\\"c\\\":{\\\"pin\\\": \\\"hunter2/x9\\\"}}\"}"}`},
	"object in JSON in JSON":  {"application/json", `{"body":"{\"credentials\":{\"a\":\"hunter2/x9\"}}"}`},
	"lines of JSON":           {"application/x-ndjson", "{\"a\":1}\n{\"jwt\":\"hunter2/x9\"}\n"},
	"events":                  {"text/event-stream", "event: a\ndata: {\"access_token\":\"hunter2/x9\"}\n\n"},
	"JSON in text":            {"text/plain", `it said 5" and {"access_token": "hunter2/x9"}`},
	"cut":                     {"application/json", `{"a":1,"token":"hunter2/x9`},
	"cut in JSON":             {"application/json", `{"a":"{\"token\":\"hunter2/x9`},
	"name beside":             {"application/json", `[{"name":"a","value":"b"},{"name": "X-Api-Key", "value":"hunter2/x9"}]`},
	"name beside, in JSON":    {"application/json", `{"a":"{\"key\":\"password\",\"value\":\"hunter2\/x9\"}"}`},
	"single quotes":           {"text/plain", `{'password': 'hunter2/x9'}`},
	"JavaScript":              {"text/javascript", `login({password: "hunter2/x9"})`},
	"GraphQL":                 {"application/json", `{"query":"mutation { login(password: \"hunter2/x9\") { id } }"}`},
	"form":                    {"application/x-www-form-urlencoded", "a=1&client_secret=hunter2%2Fx9"},
	"form, capitals":          {"Application/X-WWW-Form-Urlencoded", "client_secret=hunter2%2Fx9"},
	"form, brackets":          {"application/x-www-form-urlencoded", "user[password]=hunter2/x9&card[cvc][]=hunter2/x9&user%5Bpin%5D=hunter2/x9"},
	"JSON in a form":          {"application/x-www-form-urlencoded", `a=b&payload={"token":"hunter2/x9"}`},
	"JSON in a form, escaped": {"application/x-www-form-urlencoded", `payload=%7B%22token%22%3A%22hunter2%2Fx9%22%7D`},
	"multipart":               {"multipart/form-data; boundary=Xy", "--Xy\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\nhunter2/x9\r\n--Xy--\r\n"},
	"multipart, JSON":         {"multipart/form-data; boundary=Xy", "--Xy\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: application/json\r\n\r\n{\"token\":\"hunter2/x9\"}\r\n--Xy--\r\n"},
	"multipart, bytes":        {"Multipart/Form-Data; boundary=\"Xy\"", "--Xy\r\nContent-Disposition: form-data; name=f\r\n\r\n\xff\x00\r\n--Xy\r\nContent-Disposition: form-data; name=pin\r\n\r\nhunter2/x9\r\n--Xy--"},
	"XML":                     {"application/xml", `<login><ns:password a="1">hunter2/x9</ns:password><AccessToken><![CDATA[hunter2/x9]]></AccessToken></login>`},
	"XML in JSON":             {"application/json", `{"a":"<password>hunter2\/x9<\/password>"}`},
	"attribute":               {"application/xml", `<login password="hunter2/x9"/>`},
	"settings":                {"text/plain", "user=a\npassword=hunter2/x9\ntoken = \"hunter2/x9\"\n"},
	"YAML":                    {"application/yaml", "a: b\npassword: hunter2/x9\n"},
	"headers in text":         {"text/plain", "> X-Api-Key: hunter2/x9\n> Cookie: a=1; sid=hunter2/x9\n> Authorization: Bearer hunter2/x9\n"},
	"URL":                     {"application/json", `{"url":"https://h.io/cb?access_token=hunter2/x9&x=1"}`},
	"URL, slashes escaped":    {"application/json", `{"url":"https:\/\/h.io\/cb?token=hunter2\/x9","x":1}`},
	"URL, & escaped":          {"application/json", `{"url":"https://h.io/cb?a=1\u0026pin=hunter2/x9\u0026b=2"}`},
	"URL in HTML":             {"text/html", `<a href="https://h.io/?a=1&amp;sig=hunter2/x9">`},
	"login":                   {"application/json", `{"url":"https://u:hunter2%2Fx9@h.io/cb","db":"postgres://u:hunter2%2Fx9@h.io/cb"}`},
	"URL in a URL":            {"text/plain", `see https://h.io/?next=https%3A%2F%2Fh.io%2F%3Ftoken%3Dhunter2%252Fx9%26a%3D1`},
}

// A secret under a telling name passes nowhere, and what is masked stays as it is.
func TestTelling(t *testing.T) {
	t.Parallel()
	for name, tt := range telling {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, changed := redact.New().Body(tt[0], []byte(tt[1]))
			plain := strings.NewReplacer(`\/`, "/", "%252F", "/", "%2F", "/").Replace(string(got))
			if !changed || strings.Contains(plain, hidden) || strings.Contains(plain, "hunter2") {
				t.Errorf("got %s", got)
			}
			again, changed := redact.New().Body(tt[0], got)
			if changed {
				t.Errorf("masked again: got %s, was %s", again, got)
			}
		})
	}
}

// Names that say secret, and those that only look so.
func TestSensitive(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"X-Auth-Key": true, "Ocp-Apim-Subscription-Key": true, "x-functions-key": true, "signing_key": true, "accountKey": true, "jwt": true,
		"tokens": true, "secrets": true, "passwords": true, "api_keys": true, "user[password]": true, "user[password][0]": true, "card.cvc": true,
		"JSESSIONID": true, "PHPSESSID": true, "client_secret_value": true, "cookies": true, "": false, "[]": false,
		"$skiptoken": false, "NextContinuationToken": false, "next_cursor_token": false, "max_token": false, "pageToken": false, "pagination_token": false,
		"x-ratelimit-remaining-tokens": false, "public_key": false, "monkey": false, "key": false, "spinning": false, "user[name]": false,
	} {
		if got := redact.Sensitive(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// What only looks like a secret stays.
func TestHarmless(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"The basic functionality and bearer authentication; Basic subscription plan, Bearer Authentication.", "Basic information",
		`{"next_cursor_token":"a","@odata.nextLink":"https://g/?$skiptoken=abc1","NextContinuationToken":"x","max_token":5}`,
		`{"usage":{"total_tokens":123,"max_tokens":5},"pass":12,"secrets":null,"tokens":[]}`, `{"password":true,"token":""}`,
		"Token: the thing that opens a door. Password: required", "see ssh://git@h.io/a and https://medium.com/@ada, ada@acme.io",
		`WWW-Authenticate: Bearer authorization_uri="https://h.io"`, "a==b, token==", "n.token=e, width=100%&b=%zz", `the "token": is wrong`,
		`<password></password><token> </token></secret>`, `"a": "b": "c"`, "\"token\":", "token=", "://@", "https://@h.io",
		`[{"name":"a","value":"b"},{"value":"c"}]`, `"value":"x", ,"value":1,"a","value":2`, `{"self":"https://h.io/issues?key=ACME-12"}`,
		`{"a":"b\\","c":"\ud83d\ude00 \"x\": 1"}`,
	} {
		for _, kind := range []string{"text/plain", "application/json"} {
			if got, changed := redact.New().Body(kind, []byte(text)); changed {
				t.Errorf("%s\nbecame\n%s", text, got)
			}
		}
	}
}

// A credential behind Basic and Bearer is told from words.
func TestCredentials(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Basic dXNlcjpwYXNz, then":           "Basic [redacted], then",
		"it sent bearer abcdef1234 and":      "it sent bearer [redacted] and",
		`{"auth":"Bearer tok-echo"}`:         `{"auth":"Bearer [redacted]"}`,
		"Bearer AbCdEfGhIjKl":                "Bearer [redacted]",
		"Bearer abcdefghijklmnopqrstuvwxyza": "Bearer [redacted]",
	} {
		if got, _ := redact.New().Text(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// What is masked already stays as it is, whatever it is.
func FuzzTwice(f *testing.F) {
	for _, tt := range telling {
		f.Add(tt[0], tt[1])
	}
	f.Add("application/x-www-form-urlencoded", "a=%25252525&key=1&b=token%3Dabc")
	f.Add("text/plain", `token=abc[redacted], "token":"[reda`)
	f.Fuzz(func(t *testing.T, mediaType, text string) {
		masker := func() *redact.Masker {
			m := redact.New("s3cr&t/value\"x")
			m.Personal = true
			return m
		}
		once, _ := masker().Body(mediaType, []byte(text))
		if twice, _ := masker().Body(mediaType, once); string(twice) != string(once) {
			t.Errorf("%q\nis masked\n%q\nand again\n%q", text, once, twice)
		}
		url, _ := masker().URL(text)
		if twice, _ := masker().URL(url); twice != url {
			t.Errorf("%q\nis masked\n%q\nand again\n%q", text, url, twice)
		}
		header, _ := masker().Header(mediaType, text)
		if twice, _ := masker().Header(mediaType, header); twice != header {
			t.Errorf("%s: %q\nis masked\n%q\nand again\n%q", mediaType, text, header, twice)
		}
	})
}

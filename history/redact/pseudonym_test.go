package redact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/connectty/connectty/history/redact"
)

// Short given values are replaced as words, longer ones wherever they stand, and of
// several that begin alike the longest.
func TestGivenValues(t *testing.T) {
	t.Parallel()
	p := redact.NewPseudonyms([]byte("key"))
	for _, name := range []string{"Ann", "Ann Lee", "Acme Ltd", "ab", "日本語"} {
		p.Give("name", name)
	}
	text := p.Text(`Ann, Annex, xAnn, "Ann",\nAnn Lee; theAcme Ltds ab 日本語です`)
	for _, stays := range []string{"Annex", "xAnn", "ab"} {
		if !strings.Contains(text, stays) {
			t.Errorf("%s is gone from %s", stays, text)
		}
	}
	for _, gone := range []string{"Ann, Annex", `"Ann"`, "Lee", "Acme", "日本語"} {
		if strings.Contains(text, gone) {
			t.Errorf("%s is still in %s", gone, text)
		}
	}
	if got := p.Replaced(); len(got) != 1 || got[0] != (redact.Count{Kind: "name", N: 4}) {
		t.Errorf("replaced %v", got)
	}
}

// A value that was given is replaced as a URL and JSON escape it, and counted once.
func TestGivenEscaped(t *testing.T) {
	t.Parallel()
	p := redact.NewPseudonyms([]byte("key"))
	p.Give("user", "acme/jane doe")
	stand := p.Text("acme/jane doe")
	for _, text := range []string{`{"u":"acme\/jane doe"}`, "/users/acme%2Fjane%20doe/x", "?u=acme%2fjane+doe"} {
		if got := p.Text(text); !strings.Contains(got, stand) || strings.Contains(got, "jane") {
			t.Errorf("%s: got %s", text, got)
		}
	}
	if got := p.Replaced(); len(got) != 1 || got[0].N != 1 {
		t.Errorf("replaced %v", got)
	}
}

// An id has one stand-in under whatever name it stands, and in lists and objects, too.
func TestIDs(t *testing.T) {
	t.Parallel()
	p := redact.NewPseudonyms([]byte("key"))
	p.Learn([]byte(`{"bot_id":"B0ACME"}`))
	body := string(p.JSON([]byte(`{"message":{"type":"message","user":"U0ACME","text":"hi <@U0ACME>","bot":"B0ACME"},"user_id":"U0ACME",
		"_id":{"$oid":"507f1f77bcf86cd799439011"},"user_ids":["abc","d-9f",77777],"id":{"user_id":"u-secret","kind":"person"},"ids":[{"id":"x-99"}],
		"users":["U1","U0LEE"],"team":"Acme","from":"2024-01-01","userIds":[],"members":["W0`)))
	for _, gone := range []string{"U0ACME", "B0ACME", "507f1f", `"abc"`, "d-9f", "77777", "u-secret", "x-99", "U0LEE"} {
		if strings.Contains(body, gone) {
			t.Errorf("%s is still in %s", gone, body)
		}
	}
	for _, stays := range []string{`"type":"message"`, `"kind":"person"`, `"U1"`, `"team":"Acme"`, `"from":"2024-01-01"`, `"userIds":[]`, `"members":["W0`} {
		if !strings.Contains(body, stays) {
			t.Errorf("%s is gone from %s", stays, body)
		}
	}
	if n := strings.Count(body, p.Text("U0ACME")); n != 3 {
		t.Errorf("the stand-in of one id stands %d times, want 3: %s", n, body)
	}
}

// A company may know many people.
func BenchmarkManyNames(b *testing.B) {
	p := redact.NewPseudonyms([]byte("key"))
	for i := range 50_000 {
		p.Give("name", fmt.Sprintf("Customer %d Ltd", i))
	}
	body := strings.Repeat(`{"name":"Customer 77 Ltd","other":"nobody of these"},`, 1200)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		p.Text(body)
	}
}

func TestPseudonyms(t *testing.T) {
	t.Parallel()
	p := redact.NewPseudonyms([]byte("key"))
	p.Give("user", "abc-123")
	p.Give("account", "apn_1234567")
	text := p.Text("abc-123 wrote to ada@acme.io and ADA@acme.io from apn_1234567, see C03NA8B4VA9 and UNAUTHORIZED, 1699999999, 2026")
	for _, gone := range []string{"abc-123", "acme.io", "apn_1234567", "C03NA8B4VA9", "1699999999"} {
		if strings.Contains(text, gone) {
			t.Errorf("%s is still in %q", gone, text)
		}
	}
	for _, stays := range []string{"UNAUTHORIZED", "2026", "wrote to"} {
		if !strings.Contains(text, stays) {
			t.Errorf("%s is gone from %q", stays, text)
		}
	}
	words := strings.Fields(text)
	if words[3] != words[5] {
		t.Errorf("one address has two stand-ins: %q, %q", words[3], words[5])
	}
	body := string(p.JSON([]byte(`{"id":42,"user_id":"u-9999","name":"id","ids":[1],"ok":false,"owner":{"accountId":"x-1"},"cut":"ada@ac`)))
	for _, gone := range []string{"u-9999", `"x-1"`} {
		if strings.Contains(body, gone) {
			t.Errorf("%s is still in %s", gone, body)
		}
	}
	for _, stays := range []string{`"id":42`, `"name":"id"`, `"ok":false`} {
		if !strings.Contains(body, stays) {
			t.Errorf("%s is gone from %s", stays, body)
		}
	}
	if again := redact.NewPseudonyms([]byte("key")); again.Text("ada@acme.io") != words[3] {
		t.Error("the same key gives another stand-in")
	}
	if other := redact.NewPseudonyms(nil); other.Text("ada@acme.io") == words[3] {
		t.Error("another key gives the same stand-in")
	}
	kinds := []string{}
	for _, c := range p.Replaced() {
		kinds = append(kinds, c.Kind)
	}
	if !slices.Equal(kinds, []string{"account", "email", "id", "user"}) {
		t.Errorf("replaced %v", p.Replaced())
	}
}

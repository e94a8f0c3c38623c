package e2e

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A support engineer has a ticket of Jane Doe's: her Slack does not list its
// channels. They look her up, ask the account, see what it lacks, make a link; jane uses it, and the request
// is sent again, with the account that she connected.
func TestTicket(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()))
	s.shows("abc-123")
	s.keys("U", "doe jane")
	s.shows("jane@acme.io", "Jane Doe")
	s.keys("enter")
	s.shows("jane@acme.io · Jane Doe", "Globex workspace")
	s.keys("A", "slack", "enter")
	s.shows("Slack · Globex")
	s.keys("u", "/api/conversations.list?limit=50", "enter")
	s.shows("200 OK, but failed", "not granted channels:read")

	s.keys("t")
	s.shows("the token works as ", "but was not granted: ")

	s.keys("L")
	s.shows("Reconnect link", "copy a message with the link")
	s.keys("u")
	link := s.copied("http://127.0.0.1:")
	connect(t, link, "Globex again")
	s.shows("Connected: Slack · Globex again")
	s.keys("L")
	s.shows("go there, and send the request again")
	s.keys("r")
	s.shows("200 OK", `"ok": true`, "C03NA8B4VA9")
	s.hides("but failed")

	s.keys("4", "y")
	s.shows("Copy", "report")
	s.keys("R")
	report := s.copied("# ")
	for _, secret := range []string{"jane@acme.io", "Jane Doe", "xoxp-", "xoxb-"} {
		if strings.Contains(report, secret) {
			t.Errorf("the report tells %q:\n%s", secret, report)
		}
	}
	if !strings.Contains(report, "conversations.list") {
		t.Errorf("the report does not say what was sent:\n%s", report)
	}
	s.keys("q")
	s.ends()
}

// connect fills in the page of a link as a browser would: every scope stays
// ticked, and the account is called so.
func connect(t *testing.T, link, name string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	page := answered(t, browser, req)
	form := url.Values{"name": {name}, "act": {"connect"}}
	for _, m := range regexp.MustCompile(`<input type="(hidden|checkbox)" name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		form.Add(m[2], m[3])
	}
	for _, m := range regexp.MustCompile(`name="(field_\w+)"`).FindAllStringSubmatch(page, -1) {
		form.Set(m[1], "xoxp-globex-all")
	}
	to, _, _ := strings.Cut(link, "?")
	req, err = http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", to[:strings.Index(to, "/_static")])
	if text := answered(t, browser, req); !strings.Contains(text, "The account is connected") {
		t.Fatalf("the page does not connect the account:\n%s", text)
	}
}

// answered returns the whole answer to a request.
func answered(t *testing.T, c *http.Client, req *http.Request) string {
	t.Helper()
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A sweep says what it will cost, asks, shows each account with its answer, and
// what they have in common; one of them is worked on from there.
func TestSweepOnScreen(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()), "-u", "jane@acme.io", "-a", "slack")
	s.shows("Slack · Globex")
	s.keys("S")
	s.shows("every account of jane@acme.io")
	s.keys("u")
	s.shows("Sweep?", "3 accounts", "at most 50 a minute")
	s.keys("tab", "enter")
	s.shows("3 of 3 asked", "3 of 3 accounts that were asked work", "globex-bot", "from the history")
	s.keys("]")
	s.shows("3 were asked who they are")
	s.keys("y", "y")
	if report := s.copied("# Sweep"); strings.Contains(report, "jane@acme.io") {
		t.Errorf("the report tells whose accounts they are:\n%s", report)
	}
	s.keys("[", "j", "enter")
	s.shows("GitHub · jane", "Request")
	s.keys("S", "s")
	s.shows("3 of 3 asked")
	s.keys("esc")
	s.shows("Request", "sent here 3")
	s.keys("q")
	s.ends()
}

// Who wants no calls for a while is counted down where one looks before sending.
func TestRateLimitCountsDown(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()), "-u", "user-5519", "-a", "hubspot")
	s.shows("HubSpot · Initech CRM")
	s.keys("t")
	left := regexp.MustCompile(`429 hubspot: again in \d+ s`)
	var first string
	s.until(func(text string) string {
		if first = left.FindString(text); first == "" {
			return "it does not say how long to wait"
		}
		return ""
	})
	s.until(func(text string) string { // to the next second, or to its end
		if left.FindString(text) == first {
			return "it stands still at " + first
		}
		return ""
	})
}

// One account against another that works: the proof that it is the account, with the
// scope that it lacks; then the same call at two times.
func TestCompare(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()), "-u", "jane@acme.io", "-a", "slack")
	s.shows("Slack · Globex")
	s.keys("u", "https://slack.com/api/conversations.list?limit=50", "enter")
	s.shows("200 OK, but failed", "compare with an account that")
	s.keys("C")
	s.shows("another Slack account", "in production")
	s.keys("a")
	s.shows("abc-123")
	s.keys("abc", "enter")
	s.shows("the same call works for abc-123 and fails for jane@acme.io", "− scope", "channels:read", "≠ who failed")
	s.keys("]")
	s.shows("$.ok", "true", "false")
	s.keys("y")
	if report := s.copied("# the same call works"); strings.Contains(report, "jane@acme.io") || !strings.Contains(report, "channels:read") {
		t.Errorf("the report tells whose accounts they are, or too little:\n%s", report)
	}
	s.keys("esc")
	s.shows("Response  200 OK, but failed")
	s.keys("ctrl+r")
	s.shows("sent here 4")
	s.keys("C", "t")
	s.shows("it failed both times, and alike", "at ")
	s.keys("]")
	s.shows("nothing differs")
	s.keys("q")
	s.ends()
}

// A ticket is put on what is sent while it is worked on; its exchanges are found by
// it, get notes and stars, and make one report.
func TestWorkOnATicket(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	s := open(t, 120, 40, surroundings(home), "-u", "jane@acme.io", "-a", "slack")
	s.shows("Slack · Globex")
	s.keys("t")
	s.shows("GET  200")
	s.keys("T", "ACME-12", "enter")
	s.shows("belongs to ACME-12", "#ACME-12")
	s.keys("u", "/api/conversations.list", "enter")
	s.shows("200 OK, but failed")
	s.keys("5", "i")
	s.shows("Note", "an empty one takes it off")
	s.keys("asked Jane to reconnect", "enter")
	s.shows("✎")
	s.keys("s")
	s.shows("★", "ACME-12 · asked Jane to reconnect")
	s.keys("/", "ticket:ACME-12", "enter")
	s.hides("auth.test")
	s.shows("/api/conver… ✎ ★")
	s.keys("q")
	s.ends()

	s = open(t, 120, 40, surroundings(home), "--ticket", "ACME-13")
	s.shows("#ACME-13", "★")
	s.keys("T")
	s.shows("ACME-12", "no ticket")
	s.keys("q", "u", "esc", "q")
	s.ends()
}

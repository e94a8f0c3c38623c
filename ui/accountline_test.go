package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

func run(first, last time.Time, n int, who diagnose.Who, summary string) history.Run {
	return history.Run{First: first, Last: last, Count: n, Finding: diagnose.Finding{Who: who, Code: string(who), Summary: summary}}
}

// An account's timeline is newest first, names its sources, and says since when it
// knows.
func TestTimeline(t *testing.T) {
	t.Parallel()
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.Local) }
	now := at(25, 12)
	runs := []history.Run{
		run(at(24, 18), at(25, 11), 3, diagnose.Account, "not granted chat:write"), run(at(23, 9), at(24, 17), 1, diagnose.None, ""),
	}
	sightings := []history.Sighting{
		{At: at(25, 10), Health: proxy.Unhealthy, Error: "invalid_grant", Scopes: []string{"a", "c"}, Name: "New"},
		{At: at(20, 8), Health: proxy.Healthy, Scopes: []string{"a", "b"}, Name: "Old"},
	}
	want := []string{
		"1 hour ago      Wed 25 Nov 11:00, failed 3 times since Tue 24 Nov 18:00: not granted chat:write  (our history)",
		"2 hours ago     Wed 25 Nov 10:00, it became unhealthy, invalid_grant, + c, − b, it is now called New  (Connect's list, as seen here)",
		"19 hours ago    Tue 24 Nov 17:00, worked  (our history)",
		"5 days ago      Fri 20 Nov 08:00, seen for the first time: healthy  (Connect's list, as seen here)",
		"first seen here 5 days ago: nothing earlier is known",
	}
	if got := timelineLines(now, runs, sightings); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	today := timelineLines(now, nil, []history.Sighting{{At: at(25, 9), Health: proxy.Dead}})
	if got, want := today[1], "first seen here today: nothing earlier is known"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := timelineLines(now, nil, nil); len(got) != 1 {
		t.Errorf("of nothing it says %q", got)
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return time.Date(2026, 11, 23, hour, 0, 0, 0, time.Local) }
	tests := map[string]struct {
		runs []history.Run
		want string
	}{
		"it works":            {[]history.Run{run(at(16), at(17), 1, diagnose.None, ""), run(at(9), at(15), 4, diagnose.Account, "")}, ""},
		"it worked once":      {[]history.Run{run(at(18), at(19), 2, diagnose.Account, ""), run(at(16), at(17), 1, diagnose.Upstream, ""), run(at(9), at(15), 4, diagnose.None, "")}, "this account last worked Mon 23 Nov 15:00, and fails since Mon 23 Nov 16:00 (our history)"},
		"it never worked":     {[]history.Run{run(at(18), at(19), 2, diagnose.Account, ""), run(at(16), at(17), 1, diagnose.Upstream, "")}, "this account was not seen to work here; it failed 3 times since Mon 23 Nov 16:00 (our history)"},
		"only this once":      {[]history.Run{run(at(18), at(18), 1, diagnose.Account, "")}, ""},
		"nothing in the file": {nil, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := since(tc.runs); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

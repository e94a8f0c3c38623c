package ui

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/ui/job"
)

// event is one thing that happened to an account, with where we know it from.
type event struct {
	at     time.Time
	text   string
	source string
}

// The sources of an event.
const (
	fromHistory = "our history"
	fromList    = "Connect's list, as seen here"
)

// timelineLines are what our history knows of an account, newest first; they end with
// since when it knows it.
func timelineLines(now time.Time, runs []history.Run, sightings []history.Sighting) []string {
	events := slices.Concat(runEvents(runs), sightingEvents(sightings))
	if len(events) == 0 {
		return []string{"nothing of it is in the history yet"}
	}
	slices.SortStableFunc(events, func(a, b event) int { return b.at.Compare(a.at) })
	lines := make([]string, 0, len(events)+1)
	for _, e := range events {
		lines = append(lines, fmt.Sprintf("%-16s%s, %s  (%s)", ago(now, e.at), e.at.Local().Format(dayAndTime), e.text, e.source))
	}
	first := events[len(events)-1].at
	for _, r := range runs {
		if r.First.Before(first) {
			first = r.First
		}
	}
	if now.Local().Format(time.DateOnly) == first.Local().Format(time.DateOnly) {
		return append(lines, "first seen here today: nothing earlier is known")
	}
	return append(lines, "first seen here "+ago(now, first)+": nothing earlier is known")
}

func runEvents(runs []history.Run) []event {
	var out []event
	for _, r := range runs {
		word := "failed"
		if r.Works() {
			word = "worked"
		}
		text := word
		if r.Count > 1 {
			text = fmt.Sprintf("%s %d times since %s", word, r.Count, r.First.Local().Format(dayAndTime))
		}
		if !r.Works() {
			text += ": " + r.Finding.Summary
		}
		out = append(out, event{r.Last, text, fromHistory})
	}
	return out
}

// sightingEvents tell what changed from one sighting to the next; they come newest
// first.
func sightingEvents(sightings []history.Sighting) []event {
	var out []event
	for i, s := range sightings {
		if i == len(sightings)-1 {
			out = append(out, event{s.At, "seen for the first time: " + condition(s), fromList})
			break
		}
		out = append(out, event{s.At, changed(sightings[i+1], s), fromList})
	}
	return out
}

func condition(s history.Sighting) string {
	if s.Error != "" {
		return string(s.Health) + ", " + s.Error
	}
	return string(s.Health)
}

func changed(before, after history.Sighting) string {
	var parts []string
	switch {
	case before.Health != after.Health && after.Health == proxy.Healthy:
		parts = append(parts, "it is healthy again")
	case before.Health != after.Health:
		parts = append(parts, "it became "+condition(after))
	case before.Error != after.Error && after.Error != "":
		parts = append(parts, "its error became "+after.Error)
	}
	for _, scope := range after.Scopes {
		if !slices.Contains(before.Scopes, scope) {
			parts = append(parts, "+ "+scope)
		}
	}
	for _, scope := range before.Scopes {
		if !slices.Contains(after.Scopes, scope) {
			parts = append(parts, "− "+scope)
		}
	}
	if before.Name != after.Name {
		parts = append(parts, "it is now called "+orDash(after.Name))
	}
	return cmp.Or(strings.Join(parts, ", "), "its error went")
}

// dayAndTime is how a moment is written beside others of the same weeks.
const dayAndTime = "Mon 2 Jan 15:04"

// standing answers askStanding: since when an account works or fails.
type standing struct{ exchange, text string }

func (msg standing) land(m *model) tea.Cmd {
	m.response.Note(msg.exchange, msg.text)
	return nil
}

// askStanding looks up since when the account of a failed exchange fails.
func (m *model) askStanding(r session.Result) tea.Cmd {
	store, x := m.session.History(), r.Exchange
	if store == nil || x.Finding.Who == diagnose.None || x.Account.ID == "" {
		return nil
	}
	return job.Start("standing", "", func(ctx context.Context) tea.Msg {
		runs, err := store.Runs(ctx, x.ProjectID, x.Account.ID)
		if err != nil {
			return nil
		}
		return standing{x.ID, since(runs)}
	})
}

// since says when an account worked last, and since when it fails; empty where only
// this once is known.
func since(runs []history.Run) string {
	var first time.Time // of the failures since it worked
	n := 0
	for _, r := range runs {
		switch {
		case r.Works() && n == 0: // the newest run works: nothing fails
			return ""
		case r.Works():
			return fmt.Sprintf("this account last worked %s, and fails since %s (our history)", r.Last.Local().Format(dayAndTime), first.Local().Format(dayAndTime))
		}
		first, n = r.First, n+r.Count
	}
	if n < 2 {
		return ""
	}
	return fmt.Sprintf("this account was not seen to work here; it failed %d times since %s (our history)", n, first.Local().Format(dayAndTime))
}

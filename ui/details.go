package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
)

// detailed answers details: what the history knows of an account.
type detailed struct {
	account   proxy.Account
	runs      []history.Run
	sightings []history.Sighting
	err       error
}

// details shows what Connect says of the account that is picked, with its times
// in words, and what our own history knows of it.
func (m *model) details() tea.Cmd {
	a := m.target.account
	switch {
	case a.ID == "":
		m.warn("pick an account (A) first", "")
		return nil
	case m.session == nil || m.session.History() == nil:
		return detailed{account: a}.land(m)
	}
	store, project := m.session.History(), m.session.Profile().ProjectID
	return job.Start("details", "reading the history", func(ctx context.Context) tea.Msg {
		d := detailed{account: a}
		var err error
		d.runs, d.err = store.Runs(ctx, project, a.ID)
		d.sightings, err = store.Sightings(ctx, project, a.ID)
		d.err = errors.Join(d.err, err)
		return d
	})
}

func (msg detailed) land(m *model) tea.Cmd {
	lines := append(m.accountLines(msg.account), "", "Timeline")
	if msg.err != nil {
		lines = append(lines, "the history cannot be read: "+msg.err.Error())
	} else {
		lines = append(lines, timelineLines(m.now(), msg.runs, msg.sightings)...)
	}
	a := msg.account
	m.overlays.Push(&overlay.Message{Title: "Account", Text: strings.Join(lines, "\n"), Indent: 16, Width: 104, Choices: []overlay.Choice{
		{Key: "y", Label: "copies id", Run: m.copies(a.ID, "copied the account's id")},
		{Key: "u", Label: "user", Run: m.copies(a.ExternalUserID, "copied the external user's id")},
		{Key: "a", Label: "app", Run: m.copies(a.App.Ref(), "copied the app's slug")},
	}})
	return nil
}

// accountLines name the source of what they say: a field of Connect's, or our
// own history.
func (m *model) accountLines(a proxy.Account) []string {
	now := m.now()
	lines := []string{
		"id              " + a.ID, "name            " + orDash(a.Name), "external user   " + a.ExternalUserID,
		"environment     " + string(m.target.env), "app             " + orDash(a.App.Name) + "  " + a.App.Slug,
		"health          " + string(a.Health()) + "  (Connect's healthy and dead)", "error           " + orDash(a.Error) + "  (Connect's error)",
		"connected       " + ago(now, a.CreatedAt) + "  (created_at)", "updated         " + ago(now, a.UpdatedAt) + "  (updated_at)",
	}
	for _, t := range []struct {
		name string
		at   *time.Time
		from string
	}{{"last refresh", a.LastRefreshedAt, "last_refreshed_at"}, {"next refresh", a.NextRefreshAt, "next_refresh_at"}, {"expires", a.ExpiresAt, "expires_at"}} {
		if t.at != nil {
			lines = append(lines, fmt.Sprintf("%-16s%s  (%s)", t.name, ago(now, *t.at), t.from))
		}
	}
	scopes := "none listed"
	if len(a.AuthorizedScopes) > 0 {
		scopes = strings.Join(a.AuthorizedScopes, ", ")
	}
	lines = append(lines, "scopes          "+scopes+"  (authorized_scopes)", "OAuth client    "+oauthClient(a))
	if app := m.target.app; app != nil && app.Connect != nil {
		domains := strings.Join(app.Connect.AllowedDomains, ", ")
		lines = append(lines, "base URL        "+orDash(app.Connect.BaseURL), "domains         "+orDash(domains), fmt.Sprintf("proxy           enabled: %v", app.Connect.ProxyEnabled))
	}
	if fields := m.customFields(a); fields != "" {
		lines = append(lines, "custom fields   "+fields+"  (the values stay with Connect)")
	}
	return lines
}

// customFields names what Connect keeps of an account beside its token.
func (m *model) customFields(a proxy.Account) string {
	app := a.App
	if app.CustomFieldsJSON == "" && m.target.app != nil {
		app = *m.target.app
	}
	return strings.Join(app.FieldNames(), ", ")
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// oauthClient tells whose OAuth client an account was connected with
// (connect-api.md, section 1).
func oauthClient(a proxy.Account) string {
	switch {
	case strings.HasPrefix(a.App.ID, "oa_"):
		return "your own, " + a.App.ID
	case a.App.AuthType == "oauth":
		return "Pipedream's"
	}
	return "none: " + orDash(a.App.AuthType)
}

// ago is a point in time in words: "3 days ago", "in 2 hours".
func ago(now, at time.Time) string {
	if at.IsZero() {
		return "–"
	}
	d := now.Sub(at)
	future := d < 0
	d = d.Abs()
	var text string
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		text = plural(int(d.Minutes()), "minute")
	case d < 48*time.Hour:
		text = plural(int(d.Hours()), "hour")
	default:
		text = plural(int(d.Hours()/24), "day")
	}
	if future {
		return "in " + text
	}
	return text + " ago"
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

package main

import (
	"image/color"
	"slices"
)

// scene is one picture: a terminal, and what is done in it until it is taken.
type scene struct {
	name          string // of the file in docs, without .png
	width, height int    // in cells
	look          look
	story         []step
}

// step presses keys, one after the other, then waits until every word of shows
// is on the screen. A key is a name of the table in terminal.go, or the text that
// is typed.
type step struct {
	press []string
	shows []string
}

// look is what a terminal answers when it is asked for its colours; connectty
// takes its theme from the ground.
type look struct{ ground, text color.RGBA }

// The grounds are those that themes/*.toml are made for.
var (
	dark  = look{ground: color.RGBA{0x17, 0x17, 0x17, 0xff}, text: color.RGBA{0xc9, 0xd1, 0xd9, 0xff}}
	light = look{ground: color.RGBA{0xff, 0xff, 0xff, 0xff}, text: color.RGBA{0x24, 0x29, 0x2f, 0xff}}
)

var scenes = []scene{
	{"main-120x40-dark", 120, 40, dark, missingScope},
	{"main-120x40-light", 120, 40, light, missingScope},
	{"main-80x24-dark", 80, 24, dark, missingScope},
	{"main-80x24-light", 80, 24, light, missingScope},
	{"production-120x40-dark", 120, 40, dark, production},
	{"compare-120x40-dark", 120, 40, dark, compared},
	{"sweep-120x40-dark", 120, 40, dark, swept},
}

const message = `{"channel":"C03NA8B4VA9","text":"hello"}`

// missingScope ends where the main job ends: an answer that says 200 and is none,
// and below it who failed.
var missingScope = slices.Concat(
	opened,
	picked("jane@acme.io", "slack", "Slack · Globex"),
	got("https://slack.com/api/auth.test", `"ok": true`),
	posted("https://slack.com/api/chat.postMessage", message, `"text": "hello"`),
	bodyless,
	got("https://slack.com/api/users.list?limit=20", `"members"`),
	got("https://slack.com/api/conversations.list?limit=50", "200 OK, but failed"),
	[]step{{press: []string{"4", "j", "j"}, shows: []string{"$.error", "Who failed", "not granted channels:read"}}},
)

// compared ends with the proof that it is this account, and not the app.
var compared = slices.Concat(missingScope, []step{
	{press: []string{"C", "a"}, shows: []string{"─ Compare with ─", "abc-123"}},
	{press: []string{"abc-123", "enter"}, shows: []string{"the same call works for abc-123", "channels:read"}},
})

// swept ends with what the Slack accounts of the project have in common.
var swept = slices.Concat(
	opened,
	picked("jane@acme.io", "slack", "Slack · Globex"),
	[]step{
		{press: []string{"S", "p"}, shows: []string{"─ Sweep? ─"}},
		{press: []string{"tab", "enter"}, shows: []string{"12 of 30 asked"}},
		{press: slices.Repeat([]string{"j"}, 11), shows: []string{"Initech CRM", "Who failed"}},
	},
)

// production ends where connectty asks before it writes for a real user.
var production = slices.Concat(
	opened,
	[]step{{press: []string{"E", "prod", "enter"}, shows: []string{"PRODUCTION", "limit 100/min"}}},
	picked("abc-123", "slack", "Slack · Acme workspace"),
	got("https://slack.com/api/conversations.list?limit=50", `"channels"`),
	posted("https://slack.com/api/chat.postMessage", message, "Send to PRODUCTION?"),
)

// opened is the first screen, once the sandbox has answered.
var opened = []step{{shows: []string{"embedded sandbox", "limit 100/min"}}}

// bodyless empties the body and goes back to the parameters.
var bodyless = []step{{press: []string{"3", "d", "[", "["}, shows: []string{"Body –"}}}

// picked acts for a user and one of its accounts, which the top line then names.
func picked(user, account, named string) []step {
	return []step{
		{press: []string{"U", user}, shows: []string{"─ External user ─", " 1 of "}},
		{press: []string{"enter"}, shows: []string{"▸  " + user}},
		{press: []string{"A", account}, shows: []string{"─ Account ─", " 1 of "}},
		{press: []string{"enter"}, shows: []string{named}},
	}
}

// got sends a GET and waits for a word of its answer.
func got(url, answer string) []step {
	return []step{
		{press: []string{"m", "get", "enter"}, shows: []string{"GET ▾"}},
		{press: []string{"u", "ctrl+u", url, "enter"}, shows: []string{answer}},
	}
}

// posted sends a POST and waits for a word of its answer.
func posted(url, body, answer string) []step {
	return []step{
		{press: []string{"m", "post", "enter"}, shows: []string{"POST ▾"}},
		{press: []string{"u", "ctrl+u", url}, shows: []string{url}},
		{press: []string{"esc"}, shows: []string{"Browse"}},
		{press: []string{"b", body, "esc"}, shows: []string{"Browse"}},
		{press: []string{"ctrl+r"}, shows: []string{answer}},
	}
}

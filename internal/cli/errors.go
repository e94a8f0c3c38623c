package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui"
)

// exitCode is the status that an error stands for.
func exitCode(err error) int {
	var status *statusError
	var api *proxy.APIError
	var network *proxy.NetworkError
	var timeout *proxy.TimeoutError
	switch {
	case errors.As(err, &status):
		return status.code
	case errors.Is(err, context.Canceled), errors.Is(err, ui.ErrInterrupted):
		return exitInterrupt
	case errors.As(err, &api) && api.Status < 500:
		return exitRefused
	case errors.As(err, &api), errors.As(err, &network), errors.As(err, &timeout):
		return exitNetwork
	}
	return exitUsage
}

// complaint is what standard error says: what was wrong, then what to do next.
// A server's words are made safe to print.
func complaint(err error, a *app) []string {
	if errors.Is(err, context.Canceled) || errors.Is(err, ui.ErrInterrupted) {
		return []string{"connectty: interrupted"}
	}
	lines := strings.Split(visible.Block("connectty: "+err.Error()), "\n")
	if hint := next(err, a); hint != "" {
		lines = append(lines, "  "+strings.ReplaceAll(visible.Block(hint), "\n", "\n  "))
	}
	return lines
}

// next is the step that mends it; empty where the error says it already.
func next(err error, a *app) string {
	var input *proxy.InputError
	var missing *config.MissingError
	var api *proxy.APIError
	var network *proxy.NetworkError
	var timeout *proxy.TimeoutError
	var confirm *session.ConfirmError
	switch {
	case errors.As(err, &input):
		return input.Hint
	case errors.Is(err, config.ErrNoProject):
		return "set PIPEDREAM_CLIENT_ID, PIPEDREAM_CLIENT_SECRET and PIPEDREAM_PROJECT_ID, or write a profile into " +
			a.inputs().ConfigPath() + "\nto look around without a project: connectty demo"
	case errors.As(err, &missing):
		return "PIPEDREAM_* variables come as a set: client id, client secret (or access token) and project id; or use a profile (-p)"
	case errors.As(err, &confirm):
		return "--yes sends it all the same"
	case errors.As(err, &api):
		return a.afterRefusal(api)
	case errors.As(err, &network):
		return a.afterFault(network)
	case errors.As(err, &timeout):
		return "ask for less, or allow more time with --timeout; what was asked for may have happened all the same"
	case errors.Is(err, history.ErrNotFound):
		return "connectty history list shows what there is"
	}
	return ""
}

// afterFault is the step after a fault on the way to Connect or back.
func (a *app) afterFault(e *proxy.NetworkError) string {
	switch e.Phase {
	case "body":
		return "what came is not the whole answer; send it again, or ask for less at a time"
	case "send", "wait":
		return "what was asked for may have happened all the same: look before you send it again"
	case "tls":
		return "look for a proxy that inspects TLS, and for a wrong clock; ca_file in the profile names a certificate to trust"
	}
	return "check the base URL (" + cmp.Or(a.baseURL, "the profile's") + ") and the network"
}

// afterRefusal is the step after Connect said no.
func (a *app) afterRefusal(e *proxy.APIError) string {
	words := strings.ToLower(e.Message)
	switch {
	case e.Operation == "token" && e.Status == 401:
		return "the client secret came from " + cmp.Or(a.secretFrom, "the profile") + "; check it and the client id"
	case e.Status == 401:
		return "the access token is not accepted: check that it is of this project and has not expired"
	case strings.Contains(words, "mismatch"):
		return "the account belongs to another external user: connectty accounts -u USER lists a user's own"
	case strings.Contains(words, "not allowed for this app"):
		return fmt.Sprintf("connectty apps %s names the domains that are allowed", cmp.Or(a.appSlug, "SLUG"))
	case e.Status == 404 && strings.HasPrefix(e.Operation, "read app"):
		return "connectty apps -q WORD looks for it"
	case e.Status == 404 && strings.HasPrefix(e.Operation, "list"):
		return "check the project id, PIPEDREAM_PROJECT_ID or project_id of the profile"
	case e.Status == 404:
		return fmt.Sprintf("look for it with connectty accounts -e %s; accounts of the other environment are not seen here", cmp.Or(string(a.environment), "ENV"))
	case e.Status == 429 && e.RetryAfter > 0:
		return fmt.Sprintf("wait %s; the live product shares this limit", e.RetryAfter)
	case e.Status == 429:
		return "wait, then send it again; the live product shares this limit"
	case e.Status == 502:
		return "the third party could not be reached: check the URL's host"
	case e.Status == 504:
		return "the third party took longer than Connect waits; ask for less at a time"
	case e.Status >= 500:
		return "look at Pipedream's status page, or send it again later"
	}
	return ""
}

package diagnose

import (
	"fmt"
	"time"

	"github.com/connectty/connectty/proxy"
)

// listed reports whether Connect's record of the account is at hand: an id alone
// says nothing of its health.
func listed(a proxy.Account) bool {
	return a.ID != "" && (a.Healthy || a.Dead || a.Error != "" || !a.CreatedAt.IsZero() || len(a.Raw) > 0)
}

// accountFacts says what is wrong with the account, as far as Connect knows.
func (in Input) accountFacts(k facts) {
	if in.NoCredentials && (in.App == nil || in.App.AuthType != "none") {
		k["empty"] = "yes"
	}
	a := in.Account
	if !listed(a) {
		return
	}
	switch {
	case a.Dead:
		k["dead"] = "yes"
	case !a.Healthy:
		k["unhealthy"] = "yes"
	}
	if a.ExpiresAt != nil && !in.Now.IsZero() && a.ExpiresAt.Before(in.Now) {
		k["expired"] = span(in.Now.Sub(*a.ExpiresAt))
	}
}

// accountEvidence lists what Connect itself says of the account.
func (in Input) accountEvidence() []string {
	var out []string
	if in.NoCredentials {
		out = append(out, "Connect holds no credential for this account")
	}
	a := in.Account
	if !listed(a) {
		return out
	}
	switch {
	case a.Dead:
		out = append(out, "Connect says: dead, no longer active")
	case !a.Healthy:
		out = append(out, "Connect says: unhealthy, its last refresh failed")
	default:
		out = append(out, "Connect says: healthy")
	}
	if a.Error != "" {
		out = append(out, "Connect's error: "+quote(a.Error))
	}
	if a.LastRefreshedAt != nil {
		out = append(out, "last refreshed "+in.clock(*a.LastRefreshedAt))
	}
	if a.ExpiresAt != nil {
		word := "expires "
		if !in.Now.IsZero() && a.ExpiresAt.Before(in.Now) {
			word = "expired "
		}
		out = append(out, word+in.clock(*a.ExpiresAt))
	}
	return out
}

// clock names a moment, and how far away it is where the time is known.
func (in Input) clock(at time.Time) string {
	stamp := at.UTC().Format("2006-01-02 15:04 UTC")
	switch {
	case in.Now.IsZero():
		return stamp
	case at.Before(in.Now):
		return fmt.Sprintf("%s, %s ago", stamp, span(in.Now.Sub(at)))
	}
	return fmt.Sprintf("%s, in %s", stamp, span(at.Sub(in.Now)))
}

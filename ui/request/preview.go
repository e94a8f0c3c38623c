package request

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/list"
)

// previewedBody is how much of a body the preview shows.
const previewedBody = 2 << 10

// previewLines is the call as Connect will get it, without the access token.
func (m *Model) previewLines() []string {
	if m.tab != previewTab {
		return nil
	}
	d := m.Compose()
	account := cmp.Or(m.target.Account.ID, "{account}")
	user := cmp.Or(m.target.ExternalUserID, "{external user}")
	env := cmp.Or(string(m.target.Environment), "{environment}")
	lines := []string{
		fmt.Sprintf("%s /v1/connect/{project}/proxy/%s", visible.Line(d.Method), proxy.EncodeURL(d.URL)),
		fmt.Sprintf("    ?external_user_id=%s&account_id=%s", visible.Line(user), visible.Line(account)),
		"Authorization: Bearer {access token}",
		"x-pd-environment: " + env,
	}
	for _, h := range d.Headers {
		lines = append(lines, visible.Line("x-pd-proxy-"+h.Name+": "+h.Value))
	}
	if len(d.Body) == 0 {
		return lines
	}
	lines = append(lines, "")
	shown := string(d.Body[:min(len(d.Body), previewedBody)])
	lines = append(lines, strings.Split(visible.Block(shown), "\n")...)
	if len(d.Body) > previewedBody {
		lines = append(lines, "… "+list.Bytes(int64(len(d.Body)))+" in all")
	}
	return lines
}

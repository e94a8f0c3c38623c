package diagnose

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// judgeBody looks for a failure inside an answer whose status says success.
func judgeBody(in Input) (Finding, bool) {
	var body struct {
		OK       *bool           `json:"ok"`      // Slack, Telegram
		Success  *bool           `json:"success"` // Pipedrive
		Error    json.RawMessage `json:"error"`
		Needed   string          `json:"needed"`
		Provided string          `json:"provided"`
		Errors   []struct {
			Message string `json:"message"`
		} `json:"errors"` // GraphQL
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(in.Body, &body) != nil {
		return Finding{}, false
	}
	switch {
	case body.OK != nil && !*body.OK:
		return slackFailure(in, words(body.Error), body.Needed, body.Provided), true
	case body.Success != nil && !*body.Success && len(body.Error) > 0:
		return bodyFailure(in, words(body.Error)), true
	case len(body.Errors) > 0 && body.Errors[0].Message != "" && len(body.Data) > 0:
		return bodyFailure(in, body.Errors[0].Message), true
	}
	return Finding{}, false
}

// words returns a JSON string's text, or any other value as it stands.
func words(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// deadTokens are Slack's words for a credential that no longer works.
var deadTokens = []string{"invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed"}

func slackFailure(in Input, code, needed, provided string) Finding {
	evidence := []string{fmt.Sprintf("%d with ok: false, error: %s", in.Status, code)}
	switch {
	case code == "missing_scope":
		f := Finding{
			Who: Account, Code: code, Evidence: evidence, Next: []Step{reconnect},
			Summary: fmt.Sprintf("the token works, but it was not granted %s", needed),
		}
		if provided != "" {
			f.Evidence = append(f.Evidence, "granted: "+provided)
		}
		return f
	case slices.Contains(deadTokens, code):
		return Finding{
			Who: Account, Code: code, Next: []Step{reconnect},
			Summary:  fmt.Sprintf("%s does not accept this account's credential", in.host()),
			Evidence: append(evidence, accountEvidence(in.Account)...),
		}
	case strings.Contains(code, "ratelimited"):
		return Finding{
			Who: Upstream, Code: code, Evidence: evidence,
			Summary: fmt.Sprintf("%s is limiting this account's calls", in.host()),
			Next:    []Step{{Text: "wait, then send it again", Actor: You}},
		}
	}
	return bodyFailure(in, code)
}

func bodyFailure(in Input, text string) Finding {
	return Finding{
		Who: Request, Code: "failed_inside",
		Summary:  fmt.Sprintf("%s answered %d, but rejects what was sent: %s", in.host(), in.Status, text),
		Evidence: []string{in.statusLine() + ", with an error inside"},
		Next:     []Step{{Text: "read its answer, then mend the request", Actor: You}},
	}
}

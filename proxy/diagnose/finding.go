// Package diagnose turns an exchange into a finding: who failed, why, who must
// act and what to do next. It is pure: no network, no clock, no screen.
//
// The rules are tables: of Connect's own refusals (refusal.go), of faults of the
// network (network.go), of answers that failed although their status says
// success (inside.go), of words in which APIs say what they mean (vocabulary.go,
// numbers.go, phrases.go), and of statuses (status.go). In each the first row
// that holds wins.
package diagnose

// Who names the party that failed.
type Who string

// The parties a finding can name.
const (
	None     Who = "none"     // it works
	Request  Who = "request"  // what was typed
	Setup    Who = "setup"    // credentials, project, environment, app settings
	Network  Who = "network"  // between here and Connect
	Connect  Who = "connect"  // Pipedream Connect itself
	Account  Who = "account"  // dead, expired, revoked, short of a scope
	Upstream Who = "upstream" // the third party
	Unknown  Who = "unknown"
)

// Words names the party in a sentence, never as a code. host is the upstream as
// people know it, such as slack.com.
func (w Who) Words(host string) string {
	switch w {
	case None:
		return "works"
	case Request:
		return "your request"
	case Setup:
		return "your setup"
	case Network:
		return "the network"
	case Connect:
		return "Pipedream Connect"
	case Account:
		return "this account"
	case Upstream:
		return host
	case Unknown:
	}
	return "can't tell"
}

// Actor is who has to take a step.
type Actor string

// The actors of a next step.
const (
	You       Actor = "you"
	Developer Actor = "your developer"
	EndUser   Actor = "the end user"
	Pipedream Actor = "Pipedream"
	Vendor    Actor = "the vendor"
)

// Step is one thing to do next.
type Step struct {
	Text  string `json:"text"`
	Actor Actor  `json:"actor"`
	Key   string `json:"key"` // the explorer's key that does it; empty where there is none
}

// Words is the step as a person reads it: who does it, unless it is the reader, and
// the key that does.
func (s Step) Words() string {
	text := s.Text
	if s.Actor != "" && s.Actor != You {
		text = string(s.Actor) + ": " + text
	}
	if s.Key != "" {
		text += " (" + s.Key + ")"
	}
	return text
}

// Finding is the verdict on one exchange.
type Finding struct {
	Who      Who      `json:"who"`
	Code     string   `json:"code"`     // stable, machine-readable: "missing_scope"
	Summary  string   `json:"summary"`  // one sentence that claims only what was proved
	Evidence []string `json:"evidence"` // lines of the exchange that prove it
	Next     []Step   `json:"next"`
}

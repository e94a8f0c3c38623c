package diagnose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// Input is all that a verdict may rest on.
type Input struct {
	Method  string
	URL     string
	Account proxy.Account // what Connect says of it; the zero value if nothing is known
	Status  int           // of the upstream; 0 where no answer came
	Header  http.Header
	Body    []byte // the answer's first bytes, 64 KiB are plenty
	Err     error  // how the call failed; nil when a whole answer came
}

// Judge returns the finding on one exchange. It never guesses: where no rule
// holds, Who is Unknown.
func Judge(in Input) Finding {
	f := judge(in)
	if f.Evidence == nil {
		f.Evidence = []string{}
	}
	if f.Next == nil {
		f.Next = []Step{}
	}
	return f
}

// Explain puts an error of any call of the API into words: why it failed, and what
// to do next. next may be empty.
func Explain(err error) (why, next string) {
	f := judge(Input{Err: err})
	if len(f.Next) > 0 {
		next = f.Next[0].Text
	}
	return f.Summary, next
}

func judge(in Input) Finding {
	if in.Err != nil {
		return judgeError(in)
	}
	if in.Status >= 200 && in.Status < 300 {
		if f, failed := judgeBody(in); failed {
			return f
		}
	}
	for _, rule := range statusRules {
		if rule.holds(in.Status) {
			return rule.finding(in)
		}
	}
	return Finding{
		Who: Unknown, Code: "status",
		Summary:  fmt.Sprintf("%s answered %d, which no rule explains", in.host(), in.Status),
		Evidence: []string{in.statusLine()},
	}
}

func judgeError(in Input) Finding {
	var api *proxy.APIError
	var input *proxy.InputError
	var network *proxy.NetworkError
	var timeout *proxy.TimeoutError
	switch {
	case errors.As(in.Err, &api):
		return judgeRefusal(in, api)
	case errors.As(in.Err, &input):
		return Finding{
			Who: Request, Code: "refused_here", Summary: input.Error(), Evidence: []string{"nothing was sent"},
			Next: []Step{{Text: cmp.Or(input.Hint, "mend the request and send it again"), Actor: You}},
		}
	case errors.As(in.Err, &timeout):
		return Finding{
			Who: Unknown, Code: "timeout",
			Summary:  fmt.Sprintf("no end of the answer after %s; whether %s acted is not known", timeout.After, in.host()),
			Evidence: []string{timeout.Error()},
			Next:     []Step{{Text: "ask for less, or allow more time with --timeout", Actor: You}},
		}
	case errors.Is(in.Err, context.Canceled):
		return Finding{
			Who: Unknown, Code: "cancelled",
			Summary: fmt.Sprintf("cancelled here; %s may have acted all the same", in.host()),
		}
	case errors.As(in.Err, &network):
		return judgeNetwork(in, network)
	}
	return Finding{Who: Unknown, Code: "error", Summary: in.Err.Error()}
}

func judgeNetwork(in Input, e *proxy.NetworkError) Finding {
	f := Finding{Who: Network, Code: "network_" + e.Phase, Evidence: []string{e.Error()}}
	switch e.Phase {
	case "dns":
		f.Summary = fmt.Sprintf("the name of %s could not be resolved from here", e.Host)
		f.Next = []Step{{Text: "check the network and the base URL", Actor: You}}
	case "connect":
		f.Summary = fmt.Sprintf("%s could not be reached from here", e.Host)
		f.Next = []Step{{Text: "check the base URL, the network and any proxy in between", Actor: You}}
	case "tls":
		f.Summary = fmt.Sprintf("no secure connection to %s: its certificate was not accepted here", e.Host)
		f.Next = []Step{{Text: "look for a proxy that inspects TLS, and for a wrong clock", Actor: You}}
	case "body":
		f.Who, f.Code = Unknown, "cut_off"
		f.Summary = "the answer broke off before its end; what came is shown"
		f.Evidence = append(f.Evidence, in.statusLine())
		f.Next = []Step{{Text: "send it again; if it breaks off again, ask for less at a time", Actor: You}}
	default:
		f.Summary = fmt.Sprintf("the connection to %s broke; whether %s acted is not known", e.Host, in.host())
		f.Next = []Step{{Text: "look upstream whether it was done before you send it again", Actor: You}}
	}
	return f
}

func (in Input) host() string {
	if u, err := url.Parse(in.URL); err == nil && u.Host != "" {
		return u.Hostname()
	}
	if in.Account.App.Name != "" {
		return in.Account.App.Name
	}
	return "the third party"
}

func (in Input) statusLine() string {
	return strings.TrimSpace(fmt.Sprintf("%s answered %d %s", in.host(), in.Status, http.StatusText(in.Status)))
}

package diagnose

import (
	"net/http"
	"net/url"
	"time"

	"github.com/connectty/connectty/proxy"
)

// Input is all that a verdict may rest on. Of the exchange itself all is given;
// of what stands below Err, each zero value means "not known".
type Input struct {
	Method string
	URL    string
	Status int // of the upstream; 0 where no answer came
	Header http.Header
	Body   []byte // all of the answer, or its first [MostBody] bytes
	Err    error  // how the call failed; nil when a whole answer came

	Account  proxy.Account // what Connect says of it
	App      *proxy.App    // allowed domains, base URL, whether the proxy serves it
	Accept   string        // what the request asked for
	Evidence string        // how the client told who answered: [proxy.Response], [proxy.APIError]
	Now      time.Time     // turns "in 30 s" and "at 12:00" into each other
	Elapsed  time.Duration // of the whole call
	// Peers are other accounts of the app in the project and environment.
	Peers []proxy.Account
	// Elsewhere are other environments in which the account's id exists.
	Elsewhere []proxy.Environment
	// Near are ids that differ from the one asked for only in case, in spaces
	// or in one letter.
	Near []string
	// NoCredentials tells that the account's credentials are known to be empty.
	NoCredentials bool
}

// MostBody is how much of a body a verdict looks at: 64 KiB. A body of that
// length or more is taken for cut off.
const MostBody = 64 << 10

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
	a := read(in)
	switch {
	case in.Status >= 200 && in.Status < 300:
		return a.judgeSuccess()
	case in.Status >= 400 && in.Status < 600:
		return a.judgeFailure()
	}
	return a.byStatus()
}

func (in Input) host() string {
	if u, err := url.Parse(in.URL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	if name := in.appName(); name != "" {
		return name
	}
	return "the third party"
}

func (in Input) appName() string {
	for _, a := range []*proxy.App{in.App, &in.Account.App} {
		if a != nil && a.Name != "" {
			return a.Name
		}
	}
	return ""
}

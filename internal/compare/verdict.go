package compare

import (
	"fmt"

	"github.com/connectty/connectty/proxy/diagnose"
)

// verdict says what the two exchanges together prove, and no more.
func verdict(left, right Side, c Comparison) string {
	lf, rf := left.Exchange.Finding, right.Exchange.Finding
	lok, rok := lf.Who == diagnose.None, rf.Who == diagnose.None
	switch {
	case lok && rok:
		return "both work" + differing(c)
	case lok != rok:
		good, bad, f := left, right, rf
		if rok {
			good, bad, f = right, left, lf
		}
		if moments(left, right) {
			return earlier(good, bad)
		}
		return fmt.Sprintf("the same call works for %s and fails for %s: %s", good.Label, bad.Label, proves(f, bad.Label))
	case lf.Who == rf.Who && lf.Code == rf.Code:
		if moments(left, right) {
			return "it failed both times, and alike"
		}
		return "both fail alike, so it is not this one account alone"
	}
	return "both fail, each in its own way"
}

// moments reports that it is one account at two times.
func moments(left, right Side) bool {
	return left.Exchange.Account.ID == right.Exchange.Account.ID && left.Exchange.Environment == right.Exchange.Environment
}

func earlier(good, bad Side) string {
	if good.Exchange.StartedAt.Before(bad.Exchange.StartedAt) {
		return fmt.Sprintf("it worked %s and failed %s: something changed in between", good.Label, bad.Label)
	}
	return fmt.Sprintf("it failed %s and works since %s", bad.Label, good.Label)
}

// differing tells how far two answers that work differ.
func differing(c Comparison) string {
	switch n := Differences(c.Body); n {
	case 0:
		return ", and say the same"
	case 1:
		return "; the answers differ in one place"
	default:
		return fmt.Sprintf("; the answers differ in %d places", n)
	}
}

// proves is what a failure means where the same call works for another.
func proves(f diagnose.Finding, label string) string {
	switch f.Who {
	case diagnose.Account:
		return "it is the account of " + label
	case diagnose.Request:
		return "something that the request names is not there for " + label
	case diagnose.Setup:
		return "the setup differs between the two"
	case diagnose.Upstream:
		return "the third party failed this once or for " + label + "; ask again to tell"
	case diagnose.Network, diagnose.Connect:
		return "the call did not get through; ask again to tell"
	case diagnose.None, diagnose.Unknown:
	}
	return "why is not known"
}

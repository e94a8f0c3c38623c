package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// neededKeys and grantedKeys are members of an error body that list scopes, in
// small letters and without separators.
var (
	neededKeys = []string{
		"needed", "requiredscope", "requiredscopes", "requiredgranularscopes", "missingscope", "missingscopes",
		"requiredaccess", "requiredpermission", "requiredpermissions", "missingpermissions", "neededscopes",
	}
	grantedKeys = []string{"provided", "grantedscopes", "providedscopes", "tokenscopes"}
)

// grantedHeaders and acceptedHeaders are GitHub's, and of those who do as it does.
// Of the accepted ones any will do.
var (
	grantedHeaders  = []string{"X-Oauth-Scopes"}
	acceptedHeaders = []string{"X-Accepted-Oauth-Scopes", "X-Accepted-Github-Permissions"}
)

// scopePhrases find scopes in a message. The first group is what is needed, the
// second, if there is one, what was granted.
var scopePhrases = []lazy{
	pattern(`(?i)following scopes: \[([^\]]+)\], but your token has only been granted the: \[([^\]]*)\]`), // GitHub's GraphQL
	pattern(`(?i)does not contain scopes?:?\s*\[([^\]]+)\]`),                                              // Zoom
	pattern(`(?i)Having the '([^']+)' permission`),                                                        // Stripe
	pattern(`(?i)merchant approval for (\S+) scope`),                                                      // Shopify
	pattern("(?i)requires? (?:the )?(?:scope|permission)s? [`'\"\\[]([\\w:./ ,-]+)[`'\"\\]]"),
	pattern("(?i)(?:required|missing|lacks?|needs?)(?: the)?(?: following)?(?: required)?(?: OAuth)? (?:scope|permission)s?\\)?:?(?: of)? [`'\"\\[]?([\\w:./-]+(?:, ?[\\w:./-]+)*)"),
	pattern(`(?i)requires? (?:the )?(?:one of )?([a-z]+_[a-z_]+) permission`),             // Meta
	pattern("(?i)[`'\"]([\\w:./-]+)[`'\"] (?:access )?scope (?:is )?(?:required|needed)"), // Shopify's GraphQL
	pattern("(?i)(?:scope|access)(?: is)? (?:required|needed): [`'\"]?([\\w:./-]+)"),
}

// scopes is what a call needs and what its credential has.
type scopes struct {
	needed  []string
	granted []string
	any     bool // one of the needed ones is enough
}

// noScopes are words that stand around scopes in a sentence.
var noScopes = strings.Fields("for to on in this the of and or is are access scope scopes permission permissions a an your")

// list splits a listing of scopes, whichever way they are set apart.
func list(text string) []string {
	fields := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;[]'\"`", r) })
	fields = slices.DeleteFunc(fields, func(s string) bool { return slices.Contains(noScopes, strings.ToLower(strings.Trim(s, ".:"))) })
	slices.Sort(fields)
	return slices.Compact(fields)
}

// scopes gathers what the answer says of them.
func (a *answer) scopes() scopes {
	s := scopes{needed: a.words.needed, granted: a.words.granted}
	for _, name := range grantedHeaders {
		s.granted = append(s.granted, list(a.Header.Get(name))...)
	}
	if challenge, params := a.challenge(); challenge == "insufficient_scope" {
		s.needed = append(s.needed, list(params)...)
	}
	for _, text := range a.words.texts {
		for _, phrase := range scopePhrases {
			if m := phrase().FindStringSubmatch(text); m != nil && len(s.needed) == 0 && len(list(m[1])) > 0 {
				s.needed = list(m[1])
				if len(m) > 2 {
					s.granted, s.any = list(m[2]), true
				}
			}
		}
	}
	if len(s.needed) == 0 {
		for _, name := range acceptedHeaders {
			if accepted := list(a.Header.Get(name)); len(accepted) > 0 {
				s.needed, s.any = accepted, true
			}
		}
	}
	if len(s.needed) == 0 && slices.Contains(a.words.codes, "insufficientscope") {
		s.needed = list(a.text("scope")) // RFC 6750, in the body
	}
	slices.Sort(s.needed)
	slices.Sort(s.granted)
	s.needed, s.granted = slices.Compact(s.needed), slices.Compact(s.granted)
	return s
}

// lacking tells what of the needed scopes is not among the granted.
func (s scopes) lacking(granted []string) []string {
	var missing []string
	for _, n := range s.needed {
		if slices.Contains(granted, n) {
			if s.any {
				return nil
			}
			continue
		}
		missing = append(missing, n)
	}
	return missing
}

// text lists the needed scopes in a sentence.
func (s scopes) text() string {
	if s.any && len(s.needed) > 1 {
		return "any of " + strings.Join(s.needed, ", ")
	}
	return strings.Join(s.needed, ", ")
}

// peers tells how the other accounts of the app stand: how many have what is
// needed, and of how many the scopes are known. Accounts of another OAuth client
// say nothing of this one.
func (s scopes) peers(in Input) (have, known int) {
	for _, p := range in.Peers {
		if p.ID == in.Account.ID || len(p.AuthorizedScopes) == 0 || otherClient(p.App, in.Account.App) {
			continue
		}
		known++
		if len(s.lacking(p.AuthorizedScopes)) == 0 {
			have++
		}
	}
	return have, known
}

func otherClient(a, b proxy.App) bool { return a.ID != "" && b.ID != "" && a.ID != b.ID }

// scopeFacts turns scopes into facts and lines of evidence.
func (a *answer) scopeFacts(k facts) []string {
	s := a.scopes()
	var lines []string
	if len(s.granted) > 0 {
		lines = append(lines, "granted: "+quote(strings.Join(s.granted, ", ")))
	} else if len(a.Account.AuthorizedScopes) > 0 {
		lines = append(lines, "Connect lists as granted: "+quote(strings.Join(a.Account.AuthorizedScopes, ", ")))
	}
	if len(s.needed) == 0 {
		return lines
	}
	k["needed"] = quote(s.text())
	if listed(a.Account) && len(a.Account.AuthorizedScopes) > 0 && len(s.lacking(a.Account.AuthorizedScopes)) == 0 {
		lines = append(lines, "needed, and listed by Connect: the token may be older than the grant")
		return lines
	}
	have, known := s.peers(a.Input)
	switch {
	case have > 0:
		k["peers have"] = "yes"
		lines = append(lines, fmt.Sprintf("%d of %d other accounts of the app have it", have, known))
	case known > 0:
		k["no peer has"] = "yes"
		lines = append(lines, fmt.Sprintf("none of %d other accounts of the app has it", known))
	}
	return lines
}

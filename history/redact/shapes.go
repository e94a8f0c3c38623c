package redact

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// markers are what a known token cannot be without: text that has none of them
// need not be searched.
var markers = []string{
	"xox", "xapp-", "gh", "github_pat_", "glpat-", "sk_", "rk_", "sk-", "AKIA", "ASIA", "eyJ", "ya29.", "AIza", "SG.", "shp",
	"ctok_", "earer ", "asic ", "PRIVATE KEY",
}

// known matches the tokens of well-known issuers. The first group stays.
var known = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)(` + strings.Join([]string{
		`\b[Bb]earer `, `\b[Bb]asic `, // kept, as the words say what it was
	}, "|") + `)[A-Za-z0-9._~+/=:-]{8,}|` + strings.Join([]string{
		`xox[abeprs]-[A-Za-z0-9-]{4,}`, `\bxapp-[A-Za-z0-9-]{8,}`, // Slack
		`\bgh[opsur]_[A-Za-z0-9]{4,}`, `\bgithub_pat_[A-Za-z0-9_]{8,}`, // GitHub
		`\bglpat-[A-Za-z0-9_-]{8,}`,                                    // GitLab
		`\b[sr]k_(?:live|test)_[A-Za-z0-9]{4,}`,                        // Stripe
		`\bsk-[A-Za-z0-9_-]{16,}`,                                      // OpenAI, Anthropic
		`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,                                // AWS
		`\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`, // JWT
		`\bya29\.[A-Za-z0-9_-]{8,}`, `\bAIza[0-9A-Za-z_-]{20,}`,        // Google
		`\bSG\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`, // SendGrid
		`\bshp(?:at|ca|pa|ss)_[A-Za-z0-9]{8,}`,       // Shopify
		`\bctok_[0-9a-f]{32}\b`,                      // Pipedream Connect
		`-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`,
	}, "|"))
})

// shapes masks tokens of well-known issuers.
func (m *Masker) shapes(s string) string {
	if !slices.ContainsFunc(markers, func(marker string) bool { return strings.Contains(s, marker) }) {
		return s
	}
	var out strings.Builder
	from := 0
	for _, at := range known().FindAllStringSubmatchIndex(s, -1) {
		begin := at[0]
		if at[3] > 0 { // the word before it stays
			begin = at[3]
		}
		m.note(s[begin:at[1]])
		out.WriteString(s[from:begin] + Mask)
		from = at[1]
	}
	return out.String() + s[from:]
}

var people = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}|\+\d[\d ()./-]{7,}\d|\b\d(?:[ -]?\d){12,18}\b`)
})

// personal masks e-mail addresses, telephone numbers and card numbers.
func personal(s string) string { return people().ReplaceAllString(s, Mask) }

package list

import (
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
)

// Health is the mark of an account's state: form and colour, as colour alone says nothing
// to some.
func Health(h proxy.Health, th *themes.Theme) string {
	switch h {
	case proxy.Healthy:
		return th.Good.Paint("●")
	case proxy.Dead:
		return th.Bad.Paint("✗")
	default:
		return th.Warn.Paint("○")
	}
}

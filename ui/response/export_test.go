package response

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// Cancelled answers the unpacking under way as one that the person cancelled.
func (m *Model) Cancelled() tea.Msg { return unpacked{m.picture.of, nil, context.Canceled} }

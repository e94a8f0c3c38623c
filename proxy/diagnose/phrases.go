package diagnose

// phrases are sentences in which APIs say what a status does not. statuses are
// those with which a phrase counts; 0 stands for a failure inside a success.
// Each names the thing it speaks of: "invalid token" alone may be a page token.
var phrases = []struct {
	kind     kind
	statuses []int
	text     lazy
}{
	{rate, []int{0, 400, 403}, pattern(`(?i)rate.?limit|too many requests|quota (?:has been )?exceeded|exceeded .{0,30}\bquota|request limit|abuse detection|calls per (?:minute|day|second)|requests per (?:minute|day|second)|daily quota|throttled`)},
	{billing, []int{0, 400, 403, 429}, pattern(`(?i)credit balance|(?:check|update) your (?:plan|billing)|billing details|plan does not (?:include|allow|support)|not (?:available|included|supported) (?:on|in|for) your (?:current )?plan|upgrade your (?:plan|account|subscription)|insufficient (?:credits|balance)|(?:subscription|trial) (?:has )?(?:expired|ended)|out of credits`)},
	{disabled, []int{403}, pattern(`(?i)API has not been used in project .* or it is disabled`)},
	{region, []int{0, 400, 403}, pattern(`(?i)location is not supported|country, region, or territory not supported|not available in your (?:country|region)`)},
	{scope, []int{0, 400, 401, 403}, pattern(`(?i)insufficient (?:authentication |oauth )?scopes?|does not contain scopes?|(?:required|missing) (?:oauth )?scopes? [\['"]|approval for \S+ scope|not been granted the required scopes`)},
	{scope, []int{0, 401, 403}, pattern(`(?i)(?:missing|required|requires?|lacks?|needs?)\b.{0,40}\bscopes?\b|resource not accessible by (?:integration|personal access token)|required permissions for this endpoint|scopes? .{0,30}(?:missing|not granted|insufficient)`)},
	{request, []int{401, 403}, pattern(`(?i)user-agent header|administrative rules|\bduplicate\b|csrf|https (?:is )?required|ssl (?:is )?required|required header`)},
	{credential, []int{0, 400, 403}, pattern(`(?i)(?:api|access|refresh|authentication|authorization|auth|oauth|bearer|user|session)[ _-]?(?:key|token|credentials?)s? (?:\S+ ){0,4}?(?:not valid|invalid|expired|revoked|incorrect|unauthorized|malformed|disabled|deactivated|not recognized|inactive)|(?:invalid|expired|revoked|incorrect|bad|unknown|malformed|unrecognized|wrong)(?: or (?:invalid|expired|missing|revoked|malformed|unknown))? (?:api|access|refresh|authentication|authorization|auth|oauth|bearer|session)[ _-]?(?:key|token|credential|id)|session (?:has )?expired|(?:invalid|bad|incorrect|wrong) (?:credentials|login|username or password|email or password)|credentials (?:are |were )?(?:invalid|incorrect|expired|rejected)|authentication (?:has )?failed|authorization grant is (?:invalid|expired)|could(?: not|n't) authenticate|validating access token`)},
	{nothing, []int{0, 400, 403}, pattern(`(?i)(?:not authenticated|authentication (?:is )?required|(?:missing|no|without) (?:an? )?(?:api|access|auth|oauth|bearer)[ _-]?(?:key|token)|must be (?:logged|signed) in|need to (?:log|sign) in|(?:log|sign) in (?:to|required)|login required|requires authentication|unauthenticated|access token must be used)`)},
	{permission, []int{0, 400}, pattern(`(?i)(?:do(?:es)? not|don't|doesn't|no|insufficient|without|lacks?) (?:have )?(?:the )?(?:sufficient |required |necessary |enough )?(?:permissions?|privileges?|access rights)|not (?:authorized|permitted|allowed) to (?:access|perform|view|read|create|delete|update|edit|do|use|query)|permission denied|access (?:is |was )?denied|mail service not enabled|account (?:is |has been )?(?:suspended|disabled|deactivated|locked)|\bforbidden\b|\bunauthorized\b`)},
	{server, []int{0}, pattern(`(?i)internal (?:server |system )?error|something went wrong|temporarily unavailable|service (?:is )?unavailable|try again later|unexpected error|server error|timed? ?out|unable to communicate|database`)},
	{missing, []int{0}, pattern(`(?i)not found|does(?: not|n't) exist|no such|could not (?:find|resolve|be found)|couldn't find|cannot find|unable to find|no longer exists|has been deleted|nothing found|no results? (?:for|matched)`)},
	{request, []int{0}, pattern(`(?i)\binvalid\b|\brequired\b|\bmissing\b|must (?:be|not|have|contain|include)|can(?:'t|not) be (?:blank|empty|null)|unknown (?:field|argument|type|method|parameter|option|column|property)|cannot query|syntax|unexpected (?:token|name|character|end|field)|expected (?:type|value|one)|\bno field\b|unrecognized|malformed|too (?:long|short|large|many|big)|not (?:a |an )?(?:valid|allowed|supported|accepted)|unsupported|already (?:exists|taken|been)|out of range|validation|parse|bad request|mandatory|is not defined|doesn't accept|not accept|exceeds|duplicate|has already`)},
}

// ambiguous phrases leave open whether a thing is missing or closed to the account:
// they are no proof of a permission that is lacking.
var ambiguous = pattern(`(?i)(?:not exist|not found|invalid|not be found|no longer exists?),? or (?:you|your|the (?:user|token|account))`)

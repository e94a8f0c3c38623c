package diagnose

import (
	"strings"
	"sync"
)

// vocabulary are the names of errors that mean the same wherever they stand, and
// say more than the status: with them a 400 may be a bad credential, and a 403 a
// rate limit. Separators and capitals do not matter; see bare. Only names that no
// API uses for anything else belong here.
var vocabulary = []struct {
	kind  kind
	names string
}{
	{scope, `missing_scope missing_scopes insufficient_scope insufficient_scopes ACCESS_TOKEN_SCOPE_INSUFFICIENT insufficientPermissions
		insufficient_oauth_scope missing_required_scope scope_not_granted INVALID_SCOPES MissingScope InsufficientScopesError SCOPE_NOT_PERMITTED
		scope_missing no_scope insufficient_permissions_scope TokenScopeInsufficient`},
	{nothing, `not_authed dailyLimitExceededUnreg MissingAuthenticationToken MissingAuthenticationTokenException CREDENTIALS_MISSING
		missing_authorization_header no_authorization missing_api_key no_api_key missing_token token_missing MissingApiKey missing_auth`},
	{credential, `invalid_auth token_revoked token_expired account_inactive expired_token revoked_token invalid_access_token expired_access_token access_token_expired
		ACCESS_TOKEN_EXPIRED ACCESS_TOKEN_INVALID access_token_invalid INVALID_SESSION_ID INVALID_AUTH_HEADER INVALID_AUTHENTICATION EXPIRED_AUTHENTICATION
		invalid_authentication invalid_authentication_token InvalidAuthenticationToken InvalidAuthenticationTokenTenant TokenExpired ExpiredToken
		ExpiredTokenException UnrecognizedClientException InvalidClientTokenId InvalidAccessKeyId SignatureDoesNotMatch InvalidSignatureException API_KEY_INVALID keyInvalid keyExpired
		invalid_api_key api_key_invalid invalid_apikey api_key_expired expired_api_key Invalid_Key authError AuthenticationFailed authentication_failed AUTHENTICATION_FAILED
		authentication_error AUTHENTICATION_ERROR AuthenticationError AuthenticationFault invalid_credentials bad_credentials INVALID_TOKEN token_invalid invalid_token InvalidToken Bad_OAuth_Token
		OAuthInvalidToken OAUTH_TOKEN_INVALID OAuth_019 OAUTH_017 OAUTH_018 OAUTH_025 OAUTH_027 invalid_user_access_token user_access_token_expired token_inactive
		CREDENTIALS_EXPIRED invalid_key unauthenticated UNAUTHENTICATED NotAuthenticated not_authenticated not_authorized_token AUTHENTICATION_REQUIRED authentication_required
		odoo.exceptions.AccessDenied SessionExpired odoo.http.SessionExpiredException UserUnauthorizedException session_expired user_removed_from_team two_factor_setup_required
		invalid_select_user invalid_INVALID_OAUTH_TOKEN OAuthAccessTokenException invalid_oauth_token
		invalid_grant invalid_refresh_token expired_refresh_token refresh_token_expired refresh_token_invalid bad_refresh_token AccountNotAuthenticated`},
	{permission, `no_permission not_allowed_token_type restricted_action org_login_required ekm_access_denied team_access_not_granted enterprise_is_restricted
		insufficientFilePermissions domainPolicy youtubeSignupRequired API_KEY_SERVICE_BLOCKED API_KEY_HTTP_REFERRER_BLOCKED API_KEY_IP_ADDRESS_BLOCKED
		Authorization_RequestDenied ErrorAccessDenied AccessDeniedException UnauthorizedOperation MailboxNotEnabledForRESTAPI
		INSUFFICIENT_ACCESS INSUFFICIENT_ACCESS_OR_READONLY INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY API_DISABLED_FOR_ORG API_CURRENTLY_DISABLED
		missingRequiredPermissions USER_DOES_NOT_HAVE_PERMISSIONS restricted_resource permission_denied PermissionDenied insufficient_permissions INSUFFICIENT_PERMISSIONS permission_error
		odoo.exceptions.AccessError AuthorizationFault account_suspended user_suspended CONSUMER_SUSPENDED UserNotPermitted no_access OAUTH_023 access_denied_insufficient_permissions
		access_denied_item_locked action_prohibited accountDelegationPolicy user_not_authorized AccessDenied ACCESS_DENIED`},
	{billing, `insufficient_quota billing_not_active billing_hard_limit_reached BILLING_DISABLED quota_exceeded_billing payment_required PAYMENT_REQUIRED insufficient_credits
		insufficient_balance not_enough_credits plan_upgrade_required paid_teams_only paid_only upgrade_required_plan trial_expired subscription_expired subscription_inactive
		account_past_due billing_error credit_balance_too_low FEATURE_NOT_AVAILABLE_ON_PLAN plan_limit_reached storageQuotaExceeded quota_exceeded_storage insufficient_funds_account`},
	{disabled, `accessNotConfigured SERVICE_DISABLED`},
	{rate, `ratelimited ratelimit rate_limited rate_limit rate_limits RATE_LIMIT rateLimitExceeded userRateLimitExceeded quotaExceeded dailyLimitExceeded RATE_LIMIT_EXCEEDED rate_limit_exceeded RESOURCE_EXHAUSTED
		rate_limit_error RATE_LIMIT_ERROR too_many_requests TooManyRequests TooManyRequestsException Throttling ThrottlingException ThrottledException THROTTLED RequestLimitExceeded
		REQUEST_LIMIT_EXCEEDED ProvisionedThroughputExceededException SlowDown BandwidthLimitExceeded concurrent_limit_exceeded ConcurrencyLimitExceeded ComplexityException
		COMPLEXITY_BUDGET_EXHAUSTED DAILY_LIMIT_EXCEEDED maxConcurrencyExceeded minute_limit_exceeded OVER_QUERY_LIMIT OVER_DAILY_LIMIT activityLimitReached ApplicationThrottled
		RATE_LIMITS DeviceMessageRateExceeded message_limit_exceeded too_many_write_operations sharingRateLimitExceeded uploadLimitExceeded rate_limiting
		FIELD_RATE_LIMIT usage_capped accesslimited`},
	{server, `internal_error fatal_error service_unavailable internal_server_error InternalServerError INTERNAL_SERVER_ERROR backendError InternalFailure InternalError ServiceUnavailable
		SERVICE_UNAVAILABLE SERVER_UNAVAILABLE temporarily_unavailable overloaded_error request_timeout team_added_to_org UNKNOWN_ERROR server_error api_error UNKNOWN_EXCEPTION SERVER_ERROR
		service_not_available engine_overloaded database_connection_unavailable gateway_timeout TIMEOUT serviceNotAvailable UpstreamError DOWNSTREAM_SERVICE_ERROR`},
	{region, `unsupported_country_region_territory unsupported_country region_not_supported`},
	{conflict, `stale_object already_exists conflict DUPLICATE_VALUE DUPLICATES_DETECTED duplicate_request`},
}

// weak are names that say no more than a status does. They count only where the
// status says nothing, inside a success.
var weak = []struct {
	kind  kind
	names string
}{
	{credential, `unauthorized UNAUTHORIZED UnauthorizedException Unauthorised unauthorised auth_error auth REQUEST_DENIED invalid_input_secret missing_input_secret`},
	{permission, `forbidden FORBIDDEN PERMISSION_DENIED access_denied not_authorized NotAuthorized not_allowed ForbiddenException`},
	{missing, `not_found NOT_FOUND NotFound RESOURCE_NOT_FOUND resource_not_found object_not_found ResourceNotFoundException channel_not_found user_not_found users_not_found
		unknown_method file_not_found message_not_found thread_not_found InvalidUserIdException resourcenotfound DOES_NOT_EXIST NotFoundError NotFoundException`},
	{request, `invalid_request INVALID_REQUEST INVALID_ARGUMENT BAD_REQUEST BadRequest bad_request bad_user_input BAD_USER_INPUT GRAPHQL_VALIDATION_FAILED GRAPHQL_PARSE_FAILED undefinedField
		argumentLiteralsIncompatible missingRequiredArguments argumentNotAccepted selectionMismatch undefinedType parse_error ParseError ValidationError VALIDATION_ERROR validation_error validation_failed ColumnValueException
		InvalidColumnIdException InvalidBoardIdException InvalidArgumentException InvalidInputException MAX_COST_EXCEEDED INVALID INVALID_DATA MANDATORY_NOT_FOUND DUPLICATE_DATA InvalidRegistration
		NotRegistered MismatchSenderId INPUT_ERROR invalid_input user_input_error variableMismatch variableRequiresValidType variableNotDefined invalid_arguments invalid_arg_name invalid_json
		invalid_form_data missing_argument invalid_cursor no_text msg_too_long too_many_attachments not_in_channel is_archived already_in_channel name_taken cant_invite_self unsupported_version
		missing_post_type invalid_post_type method_not_supported_for_channel_type method_deprecated deprecated_endpoint invalid_blocks invalid_request_error undefined_field ZERO_ELEMENTS MAX_ELEMENTS_EXCEEDED
		MAX_WAYPOINTS_EXCEEDED MAX_ROUTE_LENGTH_EXCEEDED NOT_ACCEPTABLE unprocessable UNPROCESSABLE unprocessable_entity invalid_value missing_field already_reacted invalid_name invalid_timestamp timeout_or_duplicate
		invalid_input_response missing_input_response PERSISTED_QUERY_NOT_FOUND PersistedQueryNotFound invalid_query malformed_query cant_update_message edit_window_closed invalid_channel invalid_user message_too_long`},
}

var (
	meanings     = sync.OnceValue(func() map[string]kind { return byName(vocabulary) })
	weakMeanings = sync.OnceValue(func() map[string]kind { return byName(weak) })
)

func byName(rows []struct {
	kind  kind
	names string
},
) map[string]kind {
	m := map[string]kind{}
	for _, row := range rows {
		for name := range strings.FieldsSeq(row.names) {
			m[bare(name)] = row.kind
		}
	}
	return m
}

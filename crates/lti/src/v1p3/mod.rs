//! LTI 1.3 and Advantage: OpenID Connect launches, and services with tokens.

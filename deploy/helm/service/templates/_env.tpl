{{/* Variables of a container, of a map: text, numbers and the like, or {valueFrom: ...}. */}}
{{- define "service.env" -}}
{{- range $name, $value := . }}
- name: {{ quote $name }}
  {{- if kindIs "map" $value }}
  {{- toYaml $value | nindent 2 }}
  {{- else }}
  value: {{ kindIs "string" $value | ternary $value (toJson $value) | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Whether it continues the trace of its callers: not that of strangers. */}}
{{- define "service.trusts" -}}
{{- $public := or .Values.ingress.enabled .Values.httpRoute.enabled -}}
{{- hasKey .Values.env "TRUST_INBOUND_TRACE" | ternary .Values.env.TRUST_INBOUND_TRACE (not $public) -}}
{{- end }}

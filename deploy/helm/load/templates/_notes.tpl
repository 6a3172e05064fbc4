{{- define "load.notes" -}}
{{ .Values.name }} plays {{ .Values.scenario }} as a {{ .Values.kind }} in {{ .Release.Namespace }}.

Its log ends with what held and what did not:
  kubectl -n {{ .Release.Namespace }} logs -l app.kubernetes.io/name={{ .Values.name }},app.kubernetes.io/instance={{ .Release.Name }} --tail=-1
Its requests have test.run.id={{ .Release.Name }} on spans and log lines (TraceQL):
  { span.test.run.id="{{ .Release.Name }}" && resource.service.namespace="{{ .Release.Namespace }}" }
{{- end }}

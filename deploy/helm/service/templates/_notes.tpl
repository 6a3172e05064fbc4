{{/* What is said after an install; a chart that has this one as a dependency says it too. */}}
{{- define "service.notes" -}}
{{- /* Series of a pod; spans and bytes of log of a request; requests per second to it by deploy/helm/load as it comes, the
peer's included. Measured by test/helm/cost.test.ts. */}}
{{- $requests := 2.4 }}
{{- $costs := dict
  "full-otel" (dict "series" 302 "spans" 1.1 "logBytes" 649)
  "prom-otel" (dict "series" 273 "spans" 1.1 "logBytes" 778)
}}
{{- $of := printf `service_name="%s", service_namespace="%s"` .Values.name .Release.Namespace }}
{{- $spans := printf `resource.service.name="%s" && resource.service.namespace="%s"` .Values.name .Release.Namespace }}
{{ .Values.name }} {{ include "service.version" . }} in {{ .Release.Namespace }}.

Call it:
  kubectl -n {{ .Release.Namespace }} port-forward svc/{{ include "service.fullname" . }} 8080
  curl localhost:8080/api/users/7

See it, in Grafana:
  requests per second (PromQL)
    sum by (http_route, http_response_status_code) (rate(http_server_request_duration_seconds_count{ {{- $of -}} }[5m]))
  latency, with exemplars switched on (PromQL)
    histogram_quantile(0.99, sum by (le, http_route) (rate(http_server_request_duration_seconds_bucket{ {{- $of -}} }[5m])))
  spans and log records that were lost (PromQL)
    sum by (error_type) (rate(otel_sdk_processor_span_processed_total{ {{- $of -}} , error_type!=""}[5m]) or rate(otel_sdk_processor_log_processed_total{ {{- $of -}} , error_type!=""}[5m]))
  log lines of a trace (LogQL)
    { {{- $of -}} } | trace_id="TRACE_ID"
  error lines (LogQL)
    { {{- $of -}} } | detected_level="error"
  traces that failed (TraceQL)
    { {{ $spans }} && status=error }
  traces that are slow (TraceQL)
    { {{ $spans }} && kind=server && duration>500ms }
{{- with index $costs .Values.name }}

What a pod costs the stack at {{ $requests }} requests per second, which is what deploy/helm/load sends: {{ .series }} active series,
{{ round (mulf $requests .spans) 1 }} spans per second, {{ round (mulf $requests .logBytes 0.0864) 0 }} MB of log a day.
{{- end }}
{{- if and .Values.scrape.enabled (not .Values.serviceMonitor.enabled) (not .Values.podMonitor.enabled) }}

Nothing in this release tells anybody to scrape port 9464 (http-metrics): set serviceMonitor.enabled or podMonitor.enabled,
unless your collector finds the pods by itself.
{{- end }}
{{- end }}

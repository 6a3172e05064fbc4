{{/* Where telemetry goes: what charts of the release share, and what differs for this service. */}}
{{- define "service.otlp" -}}
{{- toYaml (mergeOverwrite (deepCopy .Values.global.otlp) .Values.otlp) -}}
{{- end }}

{{/* Variables of OTLP: all signals, then what differs for one. */}}
{{- define "service.otlpEnv" -}}
{{- $otlp := include "service.otlp" . | fromYaml -}}
{{- $env := dict -}}
{{- range $signal, $to := dict "" $otlp "TRACES_" $otlp.traces "METRICS_" $otlp.metrics "LOGS_" $otlp.logs }}
{{- $prefix := printf "OTEL_EXPORTER_OTLP_%s" $signal }}
{{- with $to.endpoint }}{{ $_ := set $env (printf "%sENDPOINT" $prefix) . }}{{ end }}
{{- with $to.protocol }}{{ $_ := set $env (printf "%sPROTOCOL" $prefix) . }}{{ end }}
{{- if $to.headersSecret.name }}
{{- $_ := set $env (printf "%sHEADERS" $prefix) (dict "valueFrom" (dict "secretKeyRef" $to.headersSecret)) }}
{{- end }}
{{- end }}
{{- toYaml $env -}}
{{- end }}

{{/* What goes by OTLP: a service that is scraped sends traces alone, unless it is told to send its log too. */}}
{{- define "service.sentByOtlp" -}}
{{- $sent := .Values.scrape.enabled | ternary (list "traces") (list "traces" "metrics" "logs") -}}
{{- if has .Values.env.LOG_OUTPUT (list "otlp" "both") }}{{ $sent = append $sent "logs" | uniq }}{{ end -}}
{{- if eq (toString .Values.env.OTEL_SDK_DISABLED) "true" }}{{ $sent = list }}{{ end -}}
{{- toYaml $sent -}}
{{- end }}

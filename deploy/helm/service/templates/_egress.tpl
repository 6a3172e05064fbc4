{{/* Port of a URL: what it says, or what its scheme has. */}}
{{- define "service.portOf" -}}
{{- regexFind ":[0-9]+$" (urlParse .).host | trimPrefix ":" | default (hasPrefix "https:" . | ternary "443" "80") -}}
{{- end }}

{{- define "service.egressToDns" -}}
{{- with .Values.networkPolicy -}}
- to:
    {{- toYaml .dnsTo | nindent 4 }}
  ports:
    - port: {{ .dnsPort }}
      protocol: UDP
    - port: {{ .dnsPort }}
      protocol: TCP
{{- end }}
{{- end }}

{{/* To whatever takes OTLP, on the ports of the endpoints that are in use. */}}
{{- define "service.egressToOtlp" -}}
{{- $policy := .Values.networkPolicy -}}
{{- $otlp := include "service.otlp" . | fromYaml -}}
{{- $ports := list -}}
{{- range list $otlp.endpoint $otlp.traces.endpoint $otlp.metrics.endpoint $otlp.logs.endpoint | compact }}
{{- $ports = append $ports (include "service.portOf" .) }}
{{- end }}
{{- with $policy.otlpPort }}{{ $ports = list . }}{{ end }}
{{- with $ports | uniq -}}
- ports:
    {{- range . }}
    - port: {{ . }}
    {{- end }}
  {{- with $policy.otlpTo }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}

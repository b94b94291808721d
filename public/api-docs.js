// Starts Swagger UI on the page of /api/swagger/.
window.ui = window.SwaggerUIBundle({
  url: '/api/schema/',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  withCredentials: true,
})

// Starts Swagger UI on the page of /api/swagger/.
window.ui = window.SwaggerUIBundle({ url: '/api/schema/', dom_id: '#swagger-ui', deepLinking: true, withCredentials: true })
